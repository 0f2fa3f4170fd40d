"""What makes a Keras layer a host: its weights are computed by kernels."""

import contextlib
import threading
import warnings

import keras

from tfcompress import _checks
from tfcompress.kernels.full import Full
from tfcompress.kernels.kernel import Kernel

KERNEL = "a kernel, as in `tfcompress.kernels`"
LORA = ("lora_rank", "lora_alpha", "quantization_config")


class Computed:
    """A weight that is read from a kernel, where Keras would hold a variable."""

    def __init__(self, name):
        self.name = name

    def __get__(self, layer, owner=None):
        if layer is None:
            return self
        if self.name in layer.kernels:
            return layer.weight(self.name)
        try:
            return vars(layer)[self.name]
        except KeyError:
            kind = type(layer).__name__
            raise AttributeError(f"{kind} has no attribute {self.name!r}") from None

    def __set__(self, layer, value):
        if self.name not in layer.kernels:
            vars(layer)[self.name] = value
        elif value is not None and not isinstance(value, Kernel):
            rule = f"be what `add_weight` returns in {type(layer).__name__}"
            remedy = "A kernel computes only weights that the layer makes so."
            raise _checks.error(self.name, rule, type(value).__name__, remedy=remedy)


class Promise:
    """A weight that is made when the layer keeps it: its attribute says which it is."""

    def __init__(self, layer, make, arguments):
        self.__dict__.update(layer=layer, make=make, arguments=arguments)

    def keep(self, attribute=None):
        """Returns the kernel that makes this weight, or else a variable."""
        self.layer.promised.remove(self)
        kernel = self.layer.kernels.get(attribute)
        args, kwargs = self.arguments
        if kernel is None:
            return self.make(*args, **kwargs)
        return _handed_over(kernel, *args, **kwargs)

    def __getattr__(self, name):
        raise AttributeError(
            f"{type(self.layer).__name__} uses a weight before it keeps it. Assign what "
            f"`add_weight` returns to an attribute first: that says which weight it is."
        )


class Host:
    """Mixin that goes in front of a Keras layer and hands its weights to kernels.

    A host names its `twin`, the Keras layer, and the weights that it hands over
    (`hosted`): for each it takes a keyword-only argument of that name, a `Kernel`.
    Where none is given it takes that of the argument `kernels`, if it has several
    weights, or else `Full`. Weights that are `optional`, such as a bias, stay plain
    variables where no kernel is given. It behaves as its twin does, and as the twin
    exactly where the kernels are `Full`. The attribute `kernels` maps the names to the
    layer's own kernels, copies of those that were given.

    For a layer of your own, `tfcompress.layers.host_of` makes one in two lines.

    LoRA and Keras's own quantization work on a stored kernel and are refused.
    """

    twin = None
    hosted = ("kernel",)
    optional = ()
    promised = ()
    # Whether a kernel is applied by its parts, where it has some: then it may be faster.
    multiplies_by_parts = False

    def __init__(self, *args, **kwargs):
        # One for each thread: the replicas of a strategy share the layer.
        self._held = threading.local()
        # Past Keras, which would track them.
        self.__dict__["promised"] = []
        # Before Keras's own __init__: some layers build inside it.
        self.kernels = self.take_kernels(kwargs)
        super().__init__(*args, **kwargs)
        for kernel in self.kernels.values():
            kernel.dtype_policy = self.dtype_policy

    @classmethod
    def take_kernels(cls, kwargs):
        """Takes the kernels out of the arguments; returns the layer's own, by name."""
        for name in LORA:
            if kwargs.get(name) is not None:
                rule = f"be None for {cls.__name__}"
                raise _checks.error(name, rule, kwargs[name])
        default = kwargs.pop("kernels", None)
        if default is not None:
            _checks.instance("kernels", default, Kernel, KERNEL)
        given = {name: kwargs.pop(name, None) for name in cls.hosted}
        given = {k: default if v is None else v for k, v in given.items()}
        more = {name: kwargs.pop(name, None) for name in cls.optional}
        given.update({name: v for name, v in more.items() if v is not None})
        for name, value in kwargs.items():
            if isinstance(value, Kernel):
                known = ", ".join((*cls.hosted, *cls.optional))
                rule = f"be one of the weights of {cls.__name__}: {known}"
                raise _checks.error(name, rule, value)
        return {name: _own(name, kernel) for name, kernel in given.items()}

    def add_weight(self, *args, name=None, **kwargs):
        kernel = self.kernels.get(name)
        if kernel is not None:
            return _handed_over(kernel, *args, **kwargs)
        # Layers of other people call their weights otherwise than the attributes that
        # keep them, or not at all: which weight this is shows when it is assigned.
        promise = Promise(self, super().add_weight, (args, {**kwargs, "name": name}))
        self.promised.append(promise)
        return promise

    def __setattr__(self, name, value):
        if isinstance(value, Promise):
            value = value.keep(name)
        elif isinstance(value, list | tuple | dict):
            leaves = keras.tree.flatten(value)
            if any(isinstance(leaf, Promise) for leaf in leaves):
                value = keras.tree.map_structure(
                    lambda v: v.keep() if isinstance(v, Promise) else v, value
                )
        super().__setattr__(name, value)

    def weight(self, name):
        """Returns the full weight `name`: that of this call, or else at inference."""
        held = getattr(self._held, "weights", {})
        if name in held:
            self._held.read.add(name)
            return held[name]
        if not self.built:
            # What it then kept would be a number of this moment, never trained.
            rule = f"be read in `call` only, after {type(self).__name__} was built"
            remedy = "Its values are computed anew for each call."
            # Of this kind, for TensorFlow looks what an attribute was before it sets it.
            kind = AttributeError
            raise _checks.error(name, rule, self.name, remedy=remedy, kind=kind)
        return self.kernels[name].full()

    @contextlib.contextmanager
    def computed(self, training=None, names=None):
        """Computes all weights, or `names`, once, for Keras's own `call` to read inside.

        Inside an outer `computed`, such as that of a loop over time, nothing is
        computed again.
        """
        if getattr(self._held, "weights", None):
            yield
            return
        self.refuse_missing()
        self._held.weights = {
            name: kernel.full(training)
            for name, kernel in self.kernels.items()
            if names is None or name in names
        }
        self._held.read = set()
        try:
            yield
        finally:
            self._held.weights = {}

    def refuse_missing(self):
        """Raises if the layer has not made the weights that its kernels stand for."""
        kind = type(self).__name__
        for name, kernel in self.kernels.items():
            if not kernel.built:
                made = ", ".join(self._made()) or "none"
                rule = f"be a weight that {kind} makes with these arguments"
                remedy = f"It makes: {made}."
                raise _checks.error(name, rule, kernel, remedy=remedy)
        if self.promised:
            raise _checks.error(
                "twin",
                "keep each weight that it makes in an attribute",
                kind,
                remedy=f"{len(self.promised)} are not kept, or in a list that "
                "was there before: assign the whole list.",
            )

    def refuse_unread(self):
        """Raises, in a call, if the layer has not read a weight of its kernels."""
        for name in self._held.weights.keys() - self._held.read:
            raise _checks.error(
                name,
                f"be an attribute that `call` of {type(self).__name__} reads",
                self.kernels[name],
                remedy="The layer keeps this weight elsewhere: hand over the attribute "
                "that it reads.",
            )

    def _made(self):
        plain = [k for k, v in vars(self).items() if isinstance(v, keras.Variable)]
        return [*(n for n, k in self.kernels.items() if k.built), *plain]

    def __call__(self, *args, **kwargs):
        texts = {kernel.first_layer_warning for kernel in self.kernels.values()}
        texts.discard(None)
        if texts and args and _is_model_input(args[0]):
            for text in texts:
                warnings.warn(f"Layer {self.name!r}: {text}", stacklevel=2)
        return super().__call__(*args, **kwargs)

    def prepared(self, inputs, training=None):
        """Returns the inputs as the first weight, which meets them, wants them.

        Inside an outer `computed`, such as that of a loop over time, they are that already.
        """
        wishing = any(k.prepares or k.only_applies for k in self.kernels.values())
        if not wishing or getattr(self._held, "weights", None):
            return inputs
        self.refuse_unmet(self.kernels)
        return self.kernels[self.hosted[0]].prepare(inputs, training)

    @classmethod
    def refuse_unmet(cls, kernels):
        """Raises if one of `kernels` wants other inputs and is not what meets them."""
        for name, kernel in kernels.items():
            if not kernel.prepares and not kernel.only_applies:
                continue
            first, *_ = cls.hosted
            if name != first:
                rule = f"leave its inputs as they are in {cls.__name__}"
                remedy = f"Only those of `{first}` can be rounded: the layer makes the "
                remedy += "others itself. Give each weight a kernel of its own."
                raise _checks.error(name, rule, kernel, remedy=remedy)
            if kernel.only_applies:
                rule = f"be without `input_scale` in {cls.__name__}"
                remedy = "Only dense layers and plain convolutions can scale by inputs."
                raise _checks.error(name, rule, kernel, remedy=remedy)

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
        value = getattr(twin, name, None)
        if value is None:
            kept = [k for k, v in vars(twin).items() if isinstance(v, keras.Variable)]
            rule = f"be a weight that {type(twin).__name__} keeps as an attribute"
            remedy = f"It keeps: {', '.join(kept) or 'none'}."
            raise _checks.error(name, rule, None, remedy=remedy)
        return value

    @classmethod
    def caller_of(cls, twin, name):
        """Returns the layer, in a Keras layer, whose call multiplies by weight `name`."""
        return twin

    @classmethod
    def rows_of(cls, twin, name, inputs):
        """Returns what weight `name` is multiplied with when its caller gets `inputs`.

        As an array of rows, for the weight read as a matrix of its last axis against
        all others; or as an array of integers, where rows are looked up; or None where
        `inputs` do not tell.
        """
        return

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in (*cls.hosted, *cls.optional):
            if isinstance(config.get(name), dict):
                config[name] = keras.saving.deserialize_keras_object(config[name])
        return super().from_config(config)


def _handed_over(kernel, *args, **kwargs):
    shape = args[0] if args else kwargs.get("shape", ())
    wishes = ("initializer", "regularizer", "constraint")
    given = dict(zip(("shape", "initializer"), args, strict=False)) | kwargs
    kernel.build(shape, **{wish: given.get(wish) for wish in wishes})
    return kernel


def _own(name, kernel):
    kernel = Full() if kernel is None else kernel
    kernel = _checks.instance(name, kernel, Kernel, KERNEL)
    # A copy: one kernel given to two layers must not be two layers' variables.
    return type(kernel).from_config({**kernel.get_config(), "name": name})


def _is_model_input(inputs):
    if not isinstance(inputs, keras.KerasTensor):
        return False
    return any(inputs is one for one in keras.utils.get_source_inputs(inputs))
