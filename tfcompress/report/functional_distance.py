"""How far two models are apart on inputs that are not quite the data: under noise."""

import dataclasses

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.report import words
from tfcompress.report.grid import Grid
from tfcompress.report.plot import lines
from tfcompress.report.predictions import Predictions
from tfcompress.report.section import Section

LEVELS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
EXAMPLES = 1000
REPEATS = 3


@dataclasses.dataclass(frozen=True)
class NoiseLevel:
    """What two models say under noise of one amplitude.

    Args:
        amplitude: Greatest noise, in standard deviations of the inputs.
        agreement: Share of the inputs that both put in the same class.
        distance: Mean Euclidean distance of their probabilities, from 0 to sqrt(2).
    """

    amplitude: float
    agreement: float
    distance: float


@dataclasses.dataclass(frozen=True)
class FunctionalDistance(Section):
    r"""How far a model is from its baseline on noisy inputs, which accuracy hides.

    To each input $x$ noise from the uniform distribution on $[-a, a]$ is added, with
    $a$ in standard deviations of all the inputs. Told are the share of inputs on which
    both models agree, and the mean of
    $\lVert softmax(f(x)) - softmax(g(x)) \rVert_2$. Models that are equally often right
    may be far apart here: one has lost what the other could do beside the data.

    Args:
        levels: A `NoiseLevel` for each amplitude.
        examples: How many inputs there are.
        repeats: How often noise was drawn for each.

    References:
        L. Liebenwein, C. Baykal, B. Carter, D. Gifford, D. Rus (2021), "Lost in
        Pruning", arXiv:2103.03014.
    """

    title = "Distance under noise"
    levels: tuple[NoiseLevel, ...]
    examples: int
    repeats: int

    @classmethod
    def between(cls, model, baseline, x, *, levels=LEVELS, seed=0):
        """Returns the distance of two models around at most 1000 inputs of `x`.

        Raises:
            ValueError: `x` holds integers, or is the same everywhere.
        """
        x = keras.tree.map_structure(lambda part: np.asarray(part)[:EXAMPLES], x)
        spreads = keras.tree.map_structure(_spread, x)
        random = np.random.default_rng(seed)
        found = []
        for amplitude in levels:
            drawn = []
            for _ in range(REPEATS if amplitude else 1):
                noisy = keras.tree.map_structure(
                    lambda part, spread, a=amplitude: _noisy(part, a * spread, random),
                    x,
                    spreads,
                )
                ours = Predictions.of(model, noisy)
                theirs = Predictions.of(baseline, noisy)
                gaps = ours.probabilities - theirs.probabilities
                drawn.append(
                    (
                        np.mean(ours.classes == theirs.classes),
                        np.linalg.norm(gaps, axis=-1).mean(),
                    )
                )
            found.append(NoiseLevel(amplitude, *map(float, np.mean(drawn, axis=0))))
        return cls(tuple(found), len(keras.tree.flatten(x)[0]), REPEATS)

    def grids(self):
        head = ["Noise", "Same answer", "Distance"]
        rows = [
            [f"{one.amplitude:.1f}", words.share(one.agreement), f"{one.distance:.4f}"]
            for one in self.levels
        ]
        return [Grid(head, rows, title="Against the baseline, under noise")]

    def remarks(self):
        return [
            "Noise: greatest amplitude, in standard deviations of the inputs. Distance: "
            f"of the probabilities, from 0 to 1.41; {self.examples:,} inputs, "
            f"{self.repeats} draws each."
        ]

    def scalars(self):
        return {
            f"{name}_{one.amplitude:.1f}": getattr(one, name)
            for one in self.levels
            for name in ("agreement", "distance")
        }

    def figure(self):
        return lines(
            [one.amplitude for one in self.levels],
            {
                "same answer (share)": [one.agreement for one in self.levels],
                "distance of probabilities": [one.distance for one in self.levels],
            },
            across="noise, in standard deviations of the inputs",
        )


def _spread(part):
    if part.dtype.kind != "f":
        rule = "hold float inputs, to which noise can be added"
        remedy = "Places in a table have no noise; numbers: `x.astype('float32')`."
        raise _checks.error("data", rule, part.dtype.name, remedy=remedy)
    spread = float(part.std(dtype="float64"))
    if not spread:
        raise _checks.error("data", "hold inputs that differ", spread)
    return spread


def _noisy(part, most, random):
    return part + random.uniform(-most, most, part.shape).astype(part.dtype)
