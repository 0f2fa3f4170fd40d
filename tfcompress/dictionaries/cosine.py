"""A dictionary of cosine waves."""

import math

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.dictionaries.grid import checked_grid, coordinates
from tfcompress.dictionaries.rule import Rule

# Above it a phase does not fit in the 32 bits that a graph has.
LONGEST = 32767


@keras.saving.register_keras_serializable(package="tfcompress")
class Cosine(Rule):
    r"""Atoms of the lowest frequencies of the cosine transform (DCT-II), orthonormal.

    $$ U_{i, k} = \prod_d \sqrt{(1 + [k_d > 0]) / N_d}\,
       \cos\frac{\pi k_d (2 i_d + 1)}{2 N_d} $$

    for weights that are smooth along their inputs: those of pixels, of time.

    Args:
        grid: Sizes of the axes along which the inputs lie, such as `(28, 28)` for
            pixels; what remains of the rows is channels. None takes the rows of a
            matrix as one axis, and those of a convolution as they are.

    Example:

    >>> atoms = tfc.dictionaries.Cosine(grid=(28, 28)).atoms((784,), 64)
    >>> np.allclose(atoms.T @ atoms, np.eye(64), atol=1e-5)
    True

    References:
        - [Denil et al., 2013](https://arxiv.org/abs/1306.0543)
    """

    def __init__(self, grid=None):
        self.grid = checked_grid(grid)

    def check(self, shape, count):
        super().check(shape, count)
        grid = self._grid(shape)
        if max(grid) > LONGEST:
            rule = f"have axes of at most {LONGEST}"
            raise _checks.error("grid", rule, grid)

    def entries(self, rows, shape, count, xp=np):
        grid = self._grid(shape)
        frequencies = _lowest(grid, count)
        waves = 1.0
        for size, place, k in zip(
            grid, coordinates(rows, grid, xp), frequencies.T, strict=True
        ):
            # The remainder is taken of whole numbers: a large angle has no digits left.
            phase = xp.mod((2 * xp.reshape(place, (-1, 1)) + 1) * k, 4 * size)
            phase = (
                phase.astype("float32")
                if xp is np
                else keras.ops.cast(phase, "float32")
            )
            scale = np.sqrt(np.where(k > 0, 2.0, 1.0) / size).astype("float32")
            waves = waves * xp.cos(phase * (math.pi / (2 * size))) * scale
        return waves

    def get_config(self):
        return {"grid": self.grid}

    def _grid(self, shape):
        grid = tuple(shape) if self.grid is None else self.grid
        features, points = math.prod(shape), math.prod(grid)
        if features % points:
            rule = f"have a number of points that divides {features}"
            raise _checks.error("grid", rule, grid)
        return grid if features == points else (*grid, features // points)


def _lowest(grid, count):
    """Returns the `count` frequencies, one index for each axis, that are lowest."""
    every = np.indices(grid).reshape(len(grid), -1).T
    height = (every / np.asarray(grid)).sum(axis=1)
    return every[np.argsort(height, kind="stable")[:count]].astype("int32")
