"""One rule of a recipe: which layers, and what becomes of them."""

import dataclasses
import inspect
from collections.abc import Callable
from fnmatch import fnmatchcase

import keras

from tfcompress import _checks
from tfcompress.kernels.kernel import Kernel
from tfcompress.layers.host import Host


@dataclasses.dataclass(frozen=True, eq=False)
class Rule:
    """`which` names layers; `change` says how they are to be represented.

    Args:
        which: A layer name, a glob (`"block_*"`), a layer class, or a predicate that
            takes a layer. A class means layers of exactly that class: a compressed
            `Dense` is a subclass of `Dense`, and is not converted twice.
        change: A kernel, for all weights of the layer that its host hands over; or a
            host class; or a pair of a host class and a dict of arguments.
    """

    which: str | type | Callable
    change: Kernel | type | tuple

    def __post_init__(self):
        named = isinstance(self.which, str) and self.which
        layer_class = inspect.isclass(self.which) and issubclass(
            self.which, keras.Layer
        )
        predicate = callable(self.which) and not inspect.isclass(self.which)
        if not (named or layer_class or predicate):
            what = "be a layer name, a glob, a layer class or a predicate"
            raise _checks.error("which", what, self.which, kind=TypeError)
        if not (isinstance(self.change, Kernel) or _is_host(self.host)):
            what = "be a kernel, a host class, or (host class, dict of arguments)"
            raise _checks.error("change", what, self.change, kind=TypeError)

    @property
    def host(self):
        """The host class that is asked for, or None where a kernel is given."""
        if isinstance(self.change, tuple):
            fits = len(self.change) == 2 and isinstance(self.change[1], dict)
            return self.change[0] if fits else None
        return None if isinstance(self.change, Kernel) else self.change

    @property
    def options(self):
        return self.change[1] if isinstance(self.change, tuple) else {}

    @property
    def is_strict(self):
        """Whether the rule means each layer that it matches, by name or by class."""
        glob = isinstance(self.which, str) and any(c in self.which for c in "*?[")
        return not glob and (isinstance(self.which, str) or inspect.isclass(self.which))

    def matches(self, layer) -> bool:
        if isinstance(self.which, str):
            return fnmatchcase(layer.name, self.which)
        if inspect.isclass(self.which):
            return type(layer) is self.which
        return bool(self.which(layer))

    def get_config(self):
        """Returns the rule as plain data; a predicate cannot be written down."""
        which = self.which
        if inspect.isclass(which):
            which = {"layer_class": keras.saving.get_registered_name(which)}
        elif not isinstance(which, str):
            rule = "be a name, a glob or a layer class to be written to JSON"
            raise _checks.error("which", rule, self.which)
        if isinstance(self.change, Kernel):
            return {"which": which, "kernel": _serialized(self.change)}
        host = keras.saving.get_registered_name(self.host)
        return {"which": which, "host": host, "options": _plain(self.options)}

    @classmethod
    def from_config(cls, config):
        which = config["which"]
        if isinstance(which, dict):
            which = _layer_class(which)
        if "kernel" in config:
            return cls(which, keras.saving.deserialize_keras_object(config["kernel"]))
        host = keras.saving.get_registered_object(config["host"])
        if host is None:
            rule = "be a registered layer class"
            raise _checks.error("host", rule, config["host"])
        options = {
            name: keras.saving.deserialize_keras_object(value)
            for name, value in config["options"].items()
        }
        return cls(which, (host, options))


def _is_host(cls):
    return inspect.isclass(cls) and issubclass(cls, Host)


def _serialized(kernel):
    config = keras.saving.serialize_keras_object(kernel)
    # Of a template: it has no name of its own, and no policy but the layer's.
    for key in ("name", "dtype", "trainable"):
        config["config"].pop(key, None)
    return config


def _plain(options):
    return {
        name: keras.saving.serialize_keras_object(value)
        for name, value in options.items()
    }


def _layer_class(config):
    name = config["layer_class"]
    found = keras.saving.get_registered_object(name) or getattr(
        keras.layers, name, None
    )
    if found is None:
        rule = "be a class of `keras.layers` or a registered one"
        raise _checks.error("layer_class", rule, name)
    return found
