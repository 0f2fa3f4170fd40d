"""How much of an elastic stage is in use."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Setting:
    """The sizes of one sub-network of an `ElasticStage`.

    Args:
        depth: How many of its blocks are run, from the first on.
        width: How many channels each block has inside, from the first on.
        kernel_size: Height and width of the convolution, cut from the middle.
    """

    depth: int
    width: int
    kernel_size: int
