"""Weights of fewer bits."""

import dataclasses

from tfcompress.conversion.convert import convert
from tfcompress.kernels.quantized import Quantized
from tfcompress.methods.converted import hosted
from tfcompress.methods.method import Method


@dataclasses.dataclass(frozen=True)
class Bits(Method):
    """Gives a layer weights of `round(32 * ratio)` bits, of 2 to 8: `Quantized`.

    A TFLite file holds them in few bits when it is written with `quantize="kernels"`;
    in convolutions it takes eight for any number.

    Example:

    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name="a")])
    >>> small = tfc.methods.Bits().compress(model, {"a": 0.125})
    >>> small.get_layer("a").kernels["kernel"].bits
    4
    """

    def layers(self, model):
        return hosted(model)

    def compress(self, model, ratios, *, inputs=None, fit_weights=True):
        rules = {name: Quantized(bits=_bits(ratio)) for name, ratio in ratios.items()}
        return convert(model, rules)


def _bits(ratio):
    return min(8, max(2, round(32 * ratio)))
