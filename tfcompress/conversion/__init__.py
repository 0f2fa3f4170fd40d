"""Swapping the layers of a model for compressed ones."""

from tfcompress.conversion.choose_ranks import choose_ranks
from tfcompress.conversion.convert import convert
from tfcompress.conversion.fold import fold
from tfcompress.conversion.fold_batch_normalization import fold_batch_normalization
from tfcompress.conversion.output_errors import OutputError, output_errors
from tfcompress.conversion.recipe import Recipe

__all__ = [
    "OutputError",
    "Recipe",
    "choose_ranks",
    "convert",
    "fold",
    "fold_batch_normalization",
    "output_errors",
]
