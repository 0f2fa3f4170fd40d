"""A weight as the whole numbers and the scales that it is made of."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Codes:
    r"""The whole numbers $Q$ and scales $s$ of a weight $W = s Q$.

    Args:
        values: Integer array of the weight's shape.
        scale: Array that broadcasts to that shape, along its last axis at most.
        bits: Bits that hold each number: those of -1 and +1 are 1, of -1, 0 and +1 are
            2, and $2^{bits - 1} - 1$ is the greatest from there on.
    """

    values: np.ndarray
    scale: np.ndarray
    bits: int
