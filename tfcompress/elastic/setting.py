"""How much of an elastic stage is in use."""

import dataclasses

from tfcompress import _checks


@dataclasses.dataclass(frozen=True)
class Setting:
    """The sizes of one sub-network of an `ElasticStage`.

    Args:
        depth: How many of its blocks are run, from the first on.
        width: How many channels each block has inside, from the first on.
        kernel_size: Height and width of the convolution, cut from the middle.

    Raises:
        ValueError: If one is not a positive integer.
    """

    depth: int
    width: int
    kernel_size: int

    def __post_init__(self):
        for field in dataclasses.fields(self):
            size = _checks.integer(field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, size)
