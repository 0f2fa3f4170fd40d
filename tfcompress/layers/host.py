"""What makes a Keras layer a host: its weights are computed by kernels."""

import inspect

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
        return self if layer is None else layer.kernels[self.name].full()

    def __set__(self, layer, value):
        """Keras assigns what `add_weight` returned; the kernel has it already."""


class Host:
    """Mixin that goes in front of a Keras layer and hands its weights to kernels.

    A host names its `twin`, the Keras layer, and the weights that it hands over
    (`hosted`): for each it takes a keyword-only argument of that name, a `Kernel`
    (`Full` if None), and has a `Computed` attribute. It behaves as its twin does,
    and as the twin exactly where the kernels are `Full`. `kernels` maps the names to
    the layer's own kernels, copies of those that were given.

    LoRA and Keras's own quantization work on a stored kernel and are refused.
    """

    twin = None
    hosted = ("kernel",)

    def __init__(self, *args, **kwargs):
        given = {name: kwargs.pop(name, None) for name in self.hosted}
        for name in LORA:
            if kwargs.get(name) is not None:
                rule = f"be None for {type(self).__name__}"
                raise _checks.error(name, rule, kwargs[name])
        # Before Keras's own __init__: some layers build inside it.
        self.kernels = {name: _own(name, kernel) for name, kernel in given.items()}
        super().__init__(*args, **kwargs)
        for kernel in self.kernels.values():
            kernel.dtype_policy = self.dtype_policy

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
    def from_config(cls, config):
        config = dict(config)
        for name in cls.hosted:
            if isinstance(config.get(name), dict):
                config[name] = keras.saving.deserialize_keras_object(config[name])
        return super().from_config(config)


def host_of(twin):
    """Decorator: registers the host of the Keras layer `twin`, with its signature."""

    def decorate(cls):
        cls.twin = twin
        parameters = list(inspect.signature(twin).parameters.values())
        own = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None)
            for name in cls.hosted
        ]
        cls.__signature__ = _signature(parameters, own)
        return keras.saving.register_keras_serializable("tfcompress")(cls)

    return decorate


def drop_in(kernel_class):
    """Decorator: a host whose kernels are of one class, with that class's options.

    The layer takes its twin's arguments, then the options of `kernel_class` as
    keyword-only arguments, and has them in its config.
    """
    options = [
        p
        for p in inspect.signature(kernel_class).parameters.values()
        if p.kind is p.KEYWORD_ONLY
    ]

    def decorate(cls):
        def __init__(self, *args, **kwargs):
            cls.__signature__.bind(*args, **kwargs)  # a missing option, said plainly
            own = {p.name: kwargs.pop(p.name) for p in options if p.name in kwargs}
            kernel = kernel_class(**own)
            kwargs.update(dict.fromkeys(cls.hosted, kernel))
            super(cls, self).__init__(*args, **kwargs)

        def get_config(self):
            config = super(cls, self).get_config()
            kernel = [config.pop(name) for name in cls.hosted][0]["config"]
            return {**config, **{p.name: kernel[p.name] for p in options}}

        cls.__init__ = __init__
        cls.get_config = get_config
        parameters = list(inspect.signature(cls.twin).parameters.values())
        cls.__signature__ = _signature(parameters, options)
        return keras.saving.register_keras_serializable("tfcompress")(cls)

    return decorate


def _own(name, kernel):
    kernel = Full() if kernel is None else kernel
    what = "a kernel, as in `tfcompress.kernels`"
    kernel = _checks.instance(name, kernel, Kernel, what)
    # A copy: one kernel given to two layers must not be two layers' variables.
    return type(kernel).from_config({**kernel.get_config(), "name": name})


def _signature(parameters, own):
    rest = [p for p in parameters if p.kind is p.VAR_KEYWORD]
    return inspect.Signature([p for p in parameters if p not in rest] + own + rest)
