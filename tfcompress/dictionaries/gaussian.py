"""A dictionary of Gaussian bumps on a grid of pixels."""

import random

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.dictionaries.grid import checked_grid, coordinates, grid_of, subset
from tfcompress.dictionaries.rule import Rule


@keras.saving.register_keras_serializable(package="tfcompress")
class Gaussian(Rule):
    r"""Atoms of the squared-exponential kernel, at some of the pixels.

    $$ U_{q, p} = \exp\Big(-\tfrac12 \sum_d \big((q_d - p_d) / \mathrm{scale}\big)^2\Big) $$

    for pixels $p$ that the seed chooses. Weights that see an image are smooth: what
    one is tells what its neighbours are. Channels do not mix.

    Args:
        grid: Sizes of the axes along which the inputs lie, such as `(28, 28)`; what
            remains of the rows is channels. Of a convolution it is the window if None.
        scale: Width of a bump in pixels, above 0. Where there are few atoms let it be
            about half of what they lie apart, or most pixels are seen by none.
        seed: Integer that chooses the pixels; drawn if None.

    Raises:
        ValueError: If the rows of the weight do not lie on the grid, or if a matrix is
            given none.

    Example:

    >>> atoms = tfc.dictionaries.Gaussian(grid=(28, 28), seed=1).atoms((784,), 64)
    >>> print(atoms.max(), (atoms.max(axis=0) == 1).sum())
    1.0 64

    References:
        - [Denil et al., 2013](https://arxiv.org/abs/1306.0543)
    """

    def __init__(self, grid=None, *, scale=1.0, seed=None):
        self.grid = checked_grid(grid)
        self.scale = _checks.number("scale", scale, low=0, open_low=True)
        seed = random.randrange(2**31) if seed is None else seed
        self.seed = _checks.integer("seed", seed, low=0, high=2**31 - 1)

    def check(self, shape, count):
        super().check(shape, count)
        grid_of(self.grid, shape)

    def entries(self, rows, shape, count, xp=np):
        centres = subset(int(np.prod(shape)), count, self.seed)
        return self.similarity(rows, centres, shape, xp)

    def similarity(self, rows, others, shape, xp=np):
        """Returns the kernel between `rows` and `others`, indices of rows of $W$."""
        grid, channels = grid_of(self.grid, shape)
        first = coordinates(xp.reshape(rows, (-1, 1)), (*grid, channels), xp)
        second = coordinates(others, (*grid, channels))
        squares = sum(
            (a - b) * (a - b) for a, b in zip(first[:-1], second[:-1], strict=True)
        )
        same = xp.equal(first[-1], second[-1])
        if xp is np:
            squares, same = squares.astype("float32"), same.astype("float32")
        else:
            squares = keras.ops.cast(squares, "float32")
            same = keras.ops.cast(same, "float32")
        return xp.exp(squares * (-0.5 / self.scale**2)) * same

    def get_config(self):
        return {"grid": self.grid, "scale": self.scale, "seed": self.seed}
