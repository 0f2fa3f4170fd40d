"""A dictionary that adds inputs up, with signs, in a few places."""

import random

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.dictionaries.rule import Rule
from tfcompress.ops import hashing


@keras.saving.register_keras_serializable(package="tfcompress")
class Sketch(Rule):
    r"""Atoms of which every input is in one, with a sign: a count sketch.

    $U_{ia} = \xi(i)\,[h(i) = a]$, so $x U$ takes one addition for each input and no
    product. It is the random projection that keeps inner products in the mean,
    $\mathbb E\,\langle x U, y U \rangle = \langle x, y \rangle$, at the least cost; a
    weight $U V$ has rows that are shared and signed, as hashing by whole rows.

    Args:
        seed: Integer; drawn if None.

    Example:

    >>> atoms = tfc.dictionaries.Sketch(seed=1).atoms((784,), 64)
    >>> set(np.abs(atoms).sum(axis=1).tolist())
    {1.0}

    References:
        - [Charikar et al., 2002](https://doi.org/10.1007/3-540-45465-9_59)
        - [Kasiviswanathan et al., 2017](https://arxiv.org/abs/1710.07850)
    """

    def __init__(self, seed=None):
        seed = random.randrange(2**31) if seed is None else seed
        self.seed = _checks.integer("seed", seed, low=0, high=2**31 - 1)

    def entries(self, rows, shape, count, xp=np):
        hash30 = hashing.hash30 if xp is np else hashing.hash30_in_graph
        place = hashing.signed_buckets(rows, count, self.seed, hash30)
        place = xp.reshape(place, (-1, 1))
        both = xp.equal(place, xp.arange(2 * count, dtype="int32"))
        both = both.astype("float32") if xp is np else keras.ops.cast(both, "float32")
        return both[:, :count] - both[:, count:]

    def get_config(self):
        return {"seed": self.seed}
