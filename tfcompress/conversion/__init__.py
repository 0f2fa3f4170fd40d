"""Swapping the layers of a model for compressed ones."""

from tfcompress.conversion.convert import convert
from tfcompress.conversion.recipe import Recipe

__all__ = ["Recipe", "convert"]
