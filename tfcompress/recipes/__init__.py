"""Compression like the front: recipes of several steps, one for each kind of network."""

from tfcompress.recipes.compress import compress
from tfcompress.recipes.compressed import Compressed
from tfcompress.recipes.front import Front
from tfcompress.recipes.kind_of import kind_of
from tfcompress.recipes.shipped import NAMES, load
from tfcompress.recipes.stage import Stage

__all__ = ["NAMES", "Compressed", "Front", "Stage", "compress", "kind_of", "load"]
