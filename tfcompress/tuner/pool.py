"""Ratios for all layers that fit a budget, searched for without training."""

import dataclasses
import math

import numpy as np

from tfcompress.ops.allocation import allocate
from tfcompress.report.accuracy import accuracy
from tfcompress.tuner.allocation import Allocation, within
from tfcompress.tuner.compression import Compression

# Of the logarithm of a ratio; AMC's, truncated, is 0.5 of the ratio and decays by 0.95.
NOISE = 0.5
DECAY = 0.95
SWITCH = 0.15  # how often a layer is given another method


@dataclasses.dataclass(frozen=True)
class Candidate:
    """A compression within a budget, with how good it is before it is trained."""

    allocation: Allocation
    compression: Compression
    accuracy: float
    distance: float
    origin: str

    @property
    def rank(self):
        """To compare candidates by; higher is better."""
        return self.accuracy, -self.distance


class Pool:
    """A search over the ratios of all layers with some methods, under one budget.

    As in AMC: each layer has a ratio of its own, every candidate is made to fit the
    budget before it is looked at, and the reward is the accuracy before any training.
    Other than there no agent is trained; noise that decays is added to the logarithms
    of the best ratios so far. It begins with one ratio for all layers, and with what
    the sensitivities of single layers suggest.

    Args:
        model: The model before.
        methods: The methods that may be used.
        table: A `Sensitivity` of the model with all of them.
        activations: `Activations` of the model on the examples to compare by.
        labels: The classes of these.
        fitted_on: Examples to fit weights on.
    """

    def __init__(self, model, methods, table, activations, labels, fitted_on):
        self.model, self.methods = model, tuple(methods)
        self.activations = activations
        self.labels, self.fitted_on = labels, fitted_on
        rows = [r for r in table.rows if r.method in methods and not r.fault]
        self.choices = {}
        for row in rows:
            self.choices.setdefault(row.layer, []).append(row)
        self.parameters = table.parameters

    def search(self, estimate, count, *, quantize, alpha, seed) -> list[Candidate]:
        """Returns candidates within the limits of `estimate`, the best first.

        Args:
            estimate: An `Estimate`.
            count: How many are looked at; the first has one ratio for all layers.
            quantize: As `Compression` has it.
            alpha: The same.
            seed: Integer, of the noise.
        """
        random = np.random.default_rng(seed)
        found, seen = [], set()

        def look_at(allocation, origin):
            if len(seen) == count:
                return
            made = within(allocation, estimate.share, quantize=quantize, alpha=alpha)
            if made is None or made.name in seen:
                return
            seen.add(made.name)
            candidate = self._measured(allocation, made, origin)
            if candidate is not None:
                found.append(candidate)

        for method_of in self._methods():
            look_at(self._allocation(method_of, {}), "uniform")
        share = estimate.share(Compression({}, quantize, alpha))
        guided = None if share <= 1 else self._guided(share)
        if guided is not None:
            look_at(guided, "sensitivity")
        for step in range(count - len(seen) if found else 0):
            best = max(found, key=lambda one: one.rank).allocation
            look_at(self._near(best, NOISE * DECAY**step, random), "search")
        return sorted(found, key=lambda one: one.rank, reverse=True)

    def smallest(self, quantize, alpha) -> list[Compression]:
        """Returns what is as small as it gets, by one method where possible."""
        allocations = [self._allocation(one, {}) for one in self._methods()]
        return [one.at(one.levels[0], quantize, alpha) for one in allocations]

    def accuracy_of(self, compression) -> float:
        """Returns the accuracy before any training."""
        return self._looked_at(compression)[0]

    def _looked_at(self, compression):
        small = compression.apply(self.model, inputs=self.fitted_on)
        outputs, before = self.activations.outputs_of(small), self.activations.outputs
        distance = np.linalg.norm(outputs - before) / (np.linalg.norm(before) or 1.0)
        return accuracy(_Given(outputs), (outputs, self.labels)), float(distance)

    def _measured(self, allocation, compression, origin):
        try:
            right, distance = self._looked_at(compression)
        except ValueError:  # together with others a layer may have become too small
            return None
        return Candidate(allocation, compression, right, distance, origin)

    def _methods(self):
        """For each method, itself for all layers that it suits, others for the rest."""
        order = dict.fromkeys(
            row.method for rows in self.choices.values() for row in rows
        )
        for first in order:
            yield {
                name: first if first in (row.method for row in rows) else rows[0].method
                for name, rows in self.choices.items()
            }

    def _allocation(self, method_of, offsets):
        floors = {
            name: min(row.ratio for row in rows if row.method == method_of[name])
            for name, rows in self.choices.items()
        }
        offsets = {name: offsets.get(name, 0.0) for name in method_of}
        return Allocation(method_of, offsets, floors)

    def _guided(self, share):
        """What would lose the least if losses of layers added up; None if impossible.

        Args:
            share: Cost over limit of the model before.
        """
        # A loss is the square of a distance: those of independent errors do add up.
        options = {
            name: [(0.0, 0.0, rows[0].method, 1.0)]
            + [
                (
                    row.parameters - self.parameters,
                    -(row.distance**2),
                    row.method,
                    row.ratio,
                )
                for row in rows
            ]
            for name, rows in self.choices.items()
        }
        points = [[option[:2] for option in one] for one in options.values()]
        chosen = allocate(points, self.parameters * (1 / share - 1))
        if chosen is None:
            return None
        picks = {
            name: one[k] for (name, one), k in zip(options.items(), chosen, strict=True)
        }
        methods = {name: method for name, (*_, method, _) in picks.items()}
        offsets = {name: math.log(ratio) for name, (*_, ratio) in picks.items()}
        return self._allocation(methods, offsets)

    def _near(self, allocation, noise, random):
        offsets = {
            name: offset + noise * random.normal()
            for name, offset in allocation.offsets.items()
        }
        methods = dict(allocation.methods)
        for name, rows in self.choices.items():
            others = list(dict.fromkeys(row.method for row in rows))
            if len(others) > 1 and random.random() < SWITCH:
                methods[name] = others[random.integers(len(others))]
        return self._allocation(methods, offsets)


class _Given:
    def __init__(self, outputs):
        self.outputs = outputs

    def predict(self, x, verbose=0):
        return self.outputs
