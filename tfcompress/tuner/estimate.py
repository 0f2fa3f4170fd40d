"""What a compression will cost, before a file is written."""

import math

import numpy as np
from keras import ops

from tfcompress.report.calls import macs_per_example

# What TensorFlow's converter rounds: weights of more than one axis, and not small ones.
ROUNDED_FROM = 1024
BYTES = {None: 4, "float16": 2, "dynamic": 1, "int8": 1, "kernels": 1}
BYTES |= {"int4": 0.5, "int2": 0.25}
SPARSE = (None, "float16")


class Estimate:
    """Costs of compressions by counting, set right by the files that were measured.

    Bytes are those of the weights, and what else is in a file is what the last file had
    besides. Latency grows with the multiply-accumulates, as of the last file.

    Args:
        model: The model before.
        limits: What is limited, as `Budget.limits` has it.
    """

    def __init__(self, model, limits):
        self.model = model
        self.limits = dict(limits)
        self.extra_bytes, self.us_per_mac = 0.0, 0.0
        self._counted = {}

    def share(self, compression) -> float:
        """Returns the greatest of cost over limit; infinite for what is impossible."""
        try:
            costs = self.costs(compression)
        except ValueError:
            return math.inf
        return max(costs[name] / limit for name, limit in self.limits.items())

    def costs(self, compression) -> dict[str, float]:
        """Returns what `compression` will cost; raises if it is not possible."""
        weights, macs = self._count(compression)
        costs = {"bytes": weights + self.extra_bytes, "macs": macs}
        return {**costs, "latency_us": macs * self.us_per_mac}

    def correct(self, compression, figures) -> None:
        """Takes what the file of `compression` measures for what comes after."""
        weights, macs = self._count(compression)
        self.extra_bytes = figures["bytes"] - weights
        if "latency_us" in figures and macs:
            self.us_per_mac = figures["latency_us"] / macs

    def _count(self, compression):
        key = compression.name
        if key not in self._counted:
            sparse = compression.quantize in SPARSE
            # Zeros are where trained weights are small: then they must be there.
            small = compression.apply(self.model, fit_weights=sparse)
            macs = 0
            if {"macs", "latency_us"} & set(self.limits):
                macs = sum(macs_per_example(small).values())
            each = BYTES[compression.quantize]
            weights = sum(_bytes(v, each, sparse) for v in small.weights)
            self._counted[key] = weights, macs
        return self._counted[key]


def _bytes(variable, each, sparse):
    size = math.prod(variable.shape)
    if len(variable.shape) < 2 or (size < ROUNDED_FROM and each <= 1):
        return 4 * size
    if sparse:
        nonzero = np.count_nonzero(ops.convert_to_numpy(variable))
        return min(each * size, (each + 1) * nonzero)  # the place of each takes a byte
    return each * size
