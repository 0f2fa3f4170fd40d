"""Weights of which most are zero."""

import dataclasses
from typing import ClassVar

import numpy as np
from keras import ops

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.conversion.clone import clone
from tfcompress.masks import Masks
from tfcompress.methods.converted import hosted
from tfcompress.methods.method import Method
from tfcompress.ops.keep_largest import keep_largest
from tfcompress.schedules.constant import Constant
from tfcompress.selection import select_weights


@dataclasses.dataclass(frozen=True)
class Zeros(Method):
    """Keeps a ratio of the weights of a layer, the largest; the others become zero.

    The file is smaller where it leaves zeros out: TFLite does in float32 and float16.
    It is not faster. Training keeps the zeros.

    Example:

    >>> model = keras.Sequential([keras.Input((10,)), keras.layers.Dense(10, name="a")])
    >>> small = tfc.methods.Zeros().compress(model, {"a": 0.2})
    >>> int(np.count_nonzero(small.get_layer("a").kernel))
    20
    """

    turn: ClassVar[int] = 2

    def layers(self, model):
        return hosted(model)

    def compress(self, model, ratios, *, inputs=None, fit_weights=True):
        sparse = clone(model, lambda layer: None)
        for name, ratio in ratios.items():
            variables = select_weights(sparse, name)
            scores = [np.abs(ops.convert_to_numpy(v)) for v in variables]
            alive = [np.ones(score.shape, bool) for score in scores]
            kept = [
                keep_largest([score], [one], 1 - ratio)[0]
                for score, one in zip(scores, alive, strict=True)
            ]
            Masks.named(variables, kept).apply(sparse, name)
        return sparse

    def callbacks(self, ratios):
        return [PruneLowMagnitude(Constant(0.0), which=list(ratios))]
