"""A host of a layer: one that Keras has, or anyone's own."""

import functools
import inspect

import keras

from tfcompress import _checks
from tfcompress.layers.host import Computed, Host


def host_of(twin, hosted=("kernel",), optional=()):
    """Decorator: makes a class a host of the layer `twin`, whose weights take kernels.

    The class has `Host` in front of `twin` and is otherwise empty. It takes the
    arguments of `twin`, a `Kernel` by keyword for each weight in `hosted` and
    `optional`, and is registered for saving. `tfcompress.convert` then reaches layers
    of class `twin`. A weight is named by the attribute that keeps it:

    - `twin` makes it with `self.name = self.add_weight(...)`, in `build` or before;
    - its `call` reads `self.name`, as a tensor.

    That is all that is needed. What a layer does otherwise is refused: it must not read
    the weight in `build`, nor leave it unread. The kernels are computed once per call;
    those of a cell, once per call of a `tfcompress.layers.CompressedRNN` around it.

    Args:
        twin: A layer class, with `get_config` if it has arguments.
        hosted: Names of the attributes whose weights have kernels: by default `Full`.
        optional: Names of those that stay plain variables where no kernel is given.

    Raises:
        TypeError: If the class is not made of `Host` and `twin`.
        ValueError: If a layer does not make or read its weight as above, when it is
            called; if `twin` has arguments and no `get_config`.

    Example:

    >>> class Scale(keras.layers.Layer):
    ...     def build(self, shape):
    ...         self.factor = self.add_weight(shape=(shape[-1],), initializer="ones")
    ...
    ...     def call(self, inputs):
    ...         return inputs * self.factor
    >>> @tfc.layers.host_of(Scale, hosted=("factor",))
    ... class CompressedScale(tfc.layers.Host, Scale):
    ...     pass
    >>> model = keras.Sequential([keras.Input((64,)), Scale()])
    >>> small = tfc.convert(model, {Scale: tfc.kernels.Hashed(ratio=1 / 4)})
    >>> small.count_params()  # 64 / 4
    16
    """
    hosted, optional = _names("hosted", hosted), _names("optional", optional)
    _refuse_without_config(twin)

    def decorate(cls):
        front = inspect.isclass(cls) and cls.__mro__
        if not (front and Host in front and twin in front) or (
            front.index(Host) > front.index(twin)
        ):
            rule = f"be a class of `Host` and then {twin.__name__}"
            raise _checks.error("cls", rule, cls, kind=TypeError)
        cls.twin, cls.hosted, cls.optional = twin, hosted, optional
        for name in (*hosted, *optional):
            setattr(cls, name, Computed(name))
        # Where they belong to a layer inside, that one computes them.
        if cls.call is twin.call and cls.weight is Host.weight:
            cls.call = _call(cls)
        several = () if len(hosted) == 1 else ("kernels",)
        cls.__signature__ = signature(twin, keywords((*hosted, *several, *optional)))
        return keras.saving.register_keras_serializable(_package(twin))(cls)

    return decorate


def keywords(names):
    """Returns a keyword-only parameter, None by default, for each of `names`."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    return [inspect.Parameter(name, keyword, default=None) for name in names]


def signature(twin, own):
    """Returns the signature of the layer class `twin` with the parameters `own`."""
    return _extended(inspect.signature(twin), own)


def _extended(theirs, own):
    theirs = list(theirs.parameters.values())
    rest = [p for p in theirs if p.kind is p.VAR_KEYWORD]
    before = [p for p in theirs if p not in rest]
    return inspect.Signature([*before, *own, *rest])


def _call(cls):
    """Returns the `call` of the twin with its weights computed, and `training`."""
    theirs = inspect.signature(cls.twin.call)
    asks = "training" in theirs.parameters
    # Keras reads it: what `build` takes, and whether `training` is passed.
    ours = theirs if asks else _extended(theirs, keywords(["training"]))

    @functools.wraps(cls.twin.call)
    def call(self, *args, **kwargs):
        training = ours.bind(self, *args, **kwargs).arguments.get("training")
        if not asks:
            kwargs.pop("training", None)
        if args:
            args = (self.prepared(args[0], training), *args[1:])
        with self.computed(training):
            outputs = super(cls, self).call(*args, **kwargs)
            self.refuse_unread()
        return outputs

    call.__signature__ = ours
    return call


def _package(twin):
    package, mark, _ = keras.saving.get_registered_name(twin).partition(">")
    return package if mark else "tfcompress"


def _names(argument, names):
    rule = "be a tuple of attribute names"
    listed = isinstance(names, (list, tuple))
    if not listed or not all(isinstance(name, str) and name for name in names):
        raise _checks.error(argument, rule, names, kind=TypeError)
    return tuple(names)


def _refuse_without_config(twin):
    if not (inspect.isclass(twin) and issubclass(twin, keras.Layer)):
        raise _checks.error("twin", "be a layer class", twin, kind=TypeError)
    plain = keras.layers.Layer
    if twin.__init__ is not plain.__init__ and twin.get_config is plain.get_config:
        remedy = "Without one it cannot be saved, nor converted."
        rule = "have `get_config` with the arguments of its `__init__`"
        raise _checks.error("twin", rule, twin.__name__, remedy=remedy)
