"""What a compression will cost, before a file is written."""

import collections
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

    Bytes are those of the weights and of what else is in the file of the model before.
    Latency is that of its file, in proportion to the multiply-accumulates. What a file
    has beyond that belongs to the layers that a method changed, in equal parts: two thin
    products have more structure than one, and fewer units do not.

    Args:
        model: The model before.
        limits: What is limited, as `Budget.limits` has it.
    """

    def __init__(self, model, limits):
        self.model = model
        self.limits = dict(limits)
        self.extra_bytes, self.us_per_mac = 0.0, 0.0
        # By method, what each layer that it changes adds to these.
        self._added = {"bytes": {}, "latency_us": {}}
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
        costs["latency_us"] = macs * self.us_per_mac
        changed = _changed(compression)
        for name, added in self._added.items():
            costs[name] += sum(n * added.get(each, 0.0) for each, n in changed.items())
        return costs

    def correct(self, compression, figures) -> None:
        """Takes what the file of `compression` measures for what comes after."""
        changed = _changed(compression)
        if not changed:
            weights, macs = self._count(compression)
            self.extra_bytes = figures["bytes"] - weights
            if "latency_us" in figures and macs:
                self.us_per_mac = figures["latency_us"] / macs
            return
        costs = self.costs(compression)
        # The least change after which this file is foreseen as it is (Kaczmarz).
        norm = sum(n * n for n in changed.values())
        for name, added in self._added.items():
            off = (figures[name] - costs[name]) / norm if name in figures else 0.0
            for each, n in changed.items():
                added[each] = added.get(each, 0.0) + off * n

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


def _changed(compression):
    """How many layers each method changes."""
    choices = compression.choices.values()
    return collections.Counter(method for method, ratio in choices if ratio < 1)


def _bytes(variable, each, sparse):
    size = math.prod(variable.shape)
    if len(variable.shape) < 2 or (size < ROUNDED_FROM and each <= 1):
        return 4 * size
    if sparse:
        nonzero = np.count_nonzero(ops.convert_to_numpy(variable))
        return min(each * size, (each + 1) * nonzero)  # the place of each takes a byte
    return each * size
