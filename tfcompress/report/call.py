"""One call of a layer, as far as its cost depends on it."""

import dataclasses
import inspect

import keras


@dataclasses.dataclass(frozen=True)
class Call:
    """The shapes of one call of a layer.

    Args:
        arguments: Name of each argument of `call` to the shapes of its tensors: a
            tuple of sizes, None where a size is not known.
        output: The shapes of what the call returned.
    """

    arguments: dict
    output: object

    @classmethod
    def of(cls, call, args, kwargs, output) -> "Call":
        given = inspect.signature(call).bind(*args, **kwargs).arguments
        return cls(
            {name: shapes(value) for name, value in given.items()}, shapes(output)
        )

    @property
    def input(self):
        """The shapes of the first argument."""
        return next(iter(self.arguments.values()))


def shapes(value):
    """Returns `value` with each tensor replaced by its shape."""
    return keras.tree.map_structure(_shape, value)


def _shape(tensor):
    try:
        return tuple(tensor.shape)
    except (AttributeError, ValueError):  # not a tensor, or one of unknown rank
        return None
