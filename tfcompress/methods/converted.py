"""Layers whose weights are represented by a kernel."""

import dataclasses

import keras

from tfcompress import _checks
from tfcompress.conversion.convert import convert
from tfcompress.conversion.swap import hosts
from tfcompress.conversion.walk import parts_of
from tfcompress.kernels.kernel import Kernel
from tfcompress.methods.method import Method


@dataclasses.dataclass(frozen=True)
class Converted(Method):
    """Gives a layer a kernel with `ratio`, such as `LowRank`, by `tfc.convert`.

    Args:
        kernel: A class of `tfcompress.kernels` that takes `ratio`, or its name.

    Example:

    >>> model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(64, name="a")])
    >>> method = tfc.methods.Converted(tfc.kernels.LowRank)
    >>> small = method.compress(model, {"a": 0.25})
    >>> small.get_layer("a").kernels["kernel"].factor_rank  # 64 * 64 / 4 = 8 * 128
    8
    """

    kernel: type | str

    def __post_init__(self):
        kind = self.kernel
        if isinstance(kind, str):
            kind = keras.saving.get_registered_object(f"tfcompress>{kind}") or (
                keras.saving.get_registered_object(kind)
            )
        if not (isinstance(kind, type) and issubclass(kind, Kernel)):
            rule = "be a class of `tfcompress.kernels` that takes `ratio`"
            raise _checks.error("kernel", rule, self.kernel, kind=TypeError)
        object.__setattr__(self, "kernel", kind)
        self.kernel(ratio=0.5)  # or else Python says that it takes none

    def __str__(self):
        return self.kernel.__name__

    def get_config(self):
        name = keras.saving.get_registered_name(self.kernel)
        return {**super().get_config(), "kernel": name.removeprefix("tfcompress>")}

    def layers(self, model):
        return hosted(model)

    def compress(self, model, ratios, *, inputs=None, fit_weights=True):
        rules = {name: self.kernel(ratio=ratio) for name, ratio in ratios.items()}
        inputs = inputs if fit_weights else None
        return convert(model, rules, fit_weights=fit_weights, inputs=inputs)


def hosted(model) -> list[str]:
    """Returns the names of the layers of `model` that have a host, in order."""
    known = hosts()
    parts = [part for part in parts_of(model) if type(part.layer) in known]
    # By the wrapper: both directions of a `Bidirectional` are one layer to a user.
    return list(dict.fromkeys((part.wrapper or part.layer).name for part in parts))
