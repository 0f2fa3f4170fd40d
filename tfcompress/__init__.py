"""Smaller and faster neural networks, in the habits that Keras users have."""

from tfcompress import conversion, kernels, layers
from tfcompress.conversion import Recipe, convert

__all__ = ["Recipe", "conversion", "convert", "kernels", "layers"]
