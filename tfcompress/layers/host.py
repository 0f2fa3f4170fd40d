"""What makes a Keras layer a host: its weights are computed by kernels."""

import contextlib
import inspect
import threading

import keras

from tfcompress import _checks
from tfcompress.kernels.full import Full
from tfcompress.kernels.kernel import Kernel

LORA = ("lora_rank", "lora_alpha", "quantization_config")


class Computed:
    """A weight that is read from a kernel, where Keras would hold a variable."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, layer, owner=None):
        return self if layer is None else layer.weight(self.name)

    def __set__(self, layer, value):
        """Keras assigns what `add_weight` returned; the kernel has it already."""


class Host:
    """Mixin that goes in front of a Keras layer and hands its weights to kernels.

    A host names its `twin`, the Keras layer, and the weights that it hands over
    (`hosted`): for each it takes a keyword-only argument of that name, a `Kernel`, and
    has a `Computed` attribute. Where none is given it takes that of the argument
    `kernels`, if it has several weights, or else `Full`. It behaves as its twin does, and
    as the twin exactly where the kernels are `Full`. The attribute `kernels` maps the
    names to the layer's own kernels, copies of those that were given.

    LoRA and Keras's own quantization work on a stored kernel and are refused.
    """

    twin = None
    hosted = ("kernel",)

    def __init__(self, *args, **kwargs):
        # One for each thread: the replicas of a strategy share the layer.
        self._held = threading.local()
        # Before Keras's own __init__: some layers build inside it.
        self.kernels = self.take_kernels(kwargs)
        super().__init__(*args, **kwargs)
        for kernel in self.kernels.values():
            kernel.dtype_policy = self.dtype_policy

    def take_kernels(self, kwargs):
        """Takes the kernels out of the arguments; returns the layer's own, by name."""
        for name in LORA:
            if kwargs.get(name) is not None:
                rule = f"be None for {type(self).__name__}"
                raise _checks.error(name, rule, kwargs[name])
        default = kwargs.pop("kernels", None)
        given = {name: kwargs.pop(name, None) for name in self.hosted}
        return {
            name: _own(name, default if kernel is None else kernel)
            for name, kernel in given.items()
        }

    def add_weight(self, *args, name=None, **kwargs):
        kernel = self.kernels.get(name)
        if kernel is None:
            return super().add_weight(*args, name=name, **kwargs)
        shape = args[0] if args else kwargs["shape"]
        wishes = {
            wish: kwargs.get(wish)
            for wish in ("initializer", "regularizer", "constraint")
        }
        kernel.build(shape, **wishes)
        return kernel

    def weight(self, name):
        """Returns the full weight `name`: that of this call, or else at inference."""
        held = getattr(self._held, "weights", {})
        return held[name] if name in held else self.kernels[name].full()

    @contextlib.contextmanager
    def computed(self, training=None):
        """Computes all weights once, for Keras's own `call` to read inside."""
        outer = getattr(self._held, "weights", {})
        self._held.weights = {
            name: kernel.full(training) for name, kernel in self.kernels.items()
        }
        try:
            yield
        finally:
            self._held.weights = outer

    def enable_lora(self, *args, **kwargs):
        raise ValueError(
            f"`enable_lora` adds to a stored kernel, and {type(self).__name__} "
            f"{self.name!r} computes its own. Train the layer itself, or use the Keras "
            f"layer {self.twin.__name__}."
        )

    def save_own_variables(self, store):
        keras.layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store):
        keras.layers.Layer.load_own_variables(self, store)

    def get_config(self):
        config = super().get_config()
        for name, kernel in self.kernels.items():
            config[name] = keras.saving.serialize_keras_object(kernel)
        return {name: value for name, value in config.items() if name not in LORA}

    @classmethod
    def weight_of(cls, twin, name):
        """Returns the variable that holds weight `name` in a built Keras layer."""
        return getattr(twin, name)

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in cls.hosted:
            if isinstance(config.get(name), dict):
                config[name] = keras.saving.deserialize_keras_object(config[name])
        return super().from_config(config)


def host_of(twin, hosted=("kernel",)):
    """Decorator: registers the host of the Keras layer `twin`, with its signature."""

    def decorate(cls):
        cls.twin, cls.hosted = twin, hosted
        names = hosted if len(hosted) == 1 else (*hosted, "kernels")
        keyword = inspect.Parameter.KEYWORD_ONLY
        own = [inspect.Parameter(name, keyword, default=None) for name in names]
        cls.__signature__ = _signature(twin, own)
        return keras.saving.register_keras_serializable("tfcompress")(cls)

    return decorate


def drop_in(kernel_class):
    """Decorator: a host whose kernels are of one class, with that class's options.

    The layer takes its twin's arguments, then the options of `kernel_class` as
    keyword-only arguments, and has them in its config. An argument that both have
    (`seed`) is given to both.
    """
    options = [
        p
        for p in inspect.signature(kernel_class).parameters.values()
        if p.kind is p.KEYWORD_ONLY
    ]

    def decorate(cls):
        theirs = inspect.signature(cls.twin).parameters
        cls.__signature__ = _signature(
            cls.twin, [p for p in options if p.name not in theirs]
        )

        def __init__(self, *args, **kwargs):
            given = cls.__signature__.bind(*args, **kwargs).arguments
            own = {p.name: given[p.name] for p in options if p.name in given}
            for name in own.keys() - theirs.keys():
                del kwargs[name]
            kernel = kernel_class(**own)
            kwargs.update(dict.fromkeys(cls.hosted, kernel))
            super(cls, self).__init__(*args, **kwargs)

        def get_config(self):
            config = super(cls, self).get_config()
            first, *_ = [config.pop(name)["config"] for name in cls.hosted]
            return {**config, **{p.name: first[p.name] for p in options}}

        cls.__init__ = __init__
        cls.get_config = get_config
        return keras.saving.register_keras_serializable("tfcompress")(cls)

    return decorate


def _own(name, kernel):
    kernel = Full() if kernel is None else kernel
    what = "a kernel, as in `tfcompress.kernels`"
    kernel = _checks.instance(name, kernel, Kernel, what)
    # A copy: one kernel given to two layers must not be two layers' variables.
    return type(kernel).from_config({**kernel.get_config(), "name": name})


def _signature(twin, own):
    theirs = list(inspect.signature(twin).parameters.values())
    rest = [p for p in theirs if p.kind is p.VAR_KEYWORD]
    return inspect.Signature([p for p in theirs if p not in rest] + own + rest)
