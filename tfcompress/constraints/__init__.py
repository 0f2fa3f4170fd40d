"""What is done to weights after each optimizer step: masks, bounds, exact zeros."""

from tfcompress.constraints.masked import Masked
from tfcompress.constraints.proximal_group_lasso import ProximalGroupLasso
from tfcompress.constraints.proximal_step import ProximalStep
from tfcompress.constraints.weight_clip import WeightClip

__all__ = ["Masked", "ProximalGroupLasso", "ProximalStep", "WeightClip"]
