"""A dictionary of random atoms."""

import random

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.dictionaries.rule import Rule
from tfcompress.ops.normal_hash import normal_numbers


@keras.saving.register_keras_serializable(package="tfcompress")
class Random(Rule):
    r"""Atoms of independent normal numbers of variance 1 / features.

    They follow from the seed by a hash, so that every platform has the same. It is
    the dictionary of no knowledge at all, which the others have to beat.

    Args:
        seed: Integer; drawn if None.

    Example:

    >>> atoms = tfc.dictionaries.Random(seed=1).atoms((784,), 64)
    >>> print(np.linalg.norm(atoms, axis=0).mean().round(2))
    1.0

    References:
        - [Denil et al., 2013](https://arxiv.org/abs/1306.0543)
    """

    def __init__(self, seed=None):
        seed = random.randrange(2**31) if seed is None else seed
        self.seed = _checks.integer("seed", seed, low=0, high=2**31 - 1)

    def entries(self, rows, shape, count, xp=np):
        columns = xp.arange(count, dtype="int32")
        index = xp.reshape(rows, (-1, 1)) * count + columns
        return normal_numbers(index, self.seed, xp) / float(np.prod(shape)) ** 0.5

    def get_config(self):
        return {"seed": self.seed}
