"""The channels of one tensor: which axis holds them, and who they are."""

import dataclasses

import numpy as np

FIXED = -1


@dataclasses.dataclass(frozen=True, eq=False)
class Channels:
    """The numbers of the channels along one axis of a tensor.

    A tensor whose channels cannot leave has no `Channels` but None.

    Args:
        axis: Integer, counted from the batch, which is 0.
        ids: A number for each place along the axis; `FIXED` where nothing can leave.
    """

    axis: int
    ids: np.ndarray
