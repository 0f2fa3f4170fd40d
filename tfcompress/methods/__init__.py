"""Methods of compression, each with one ratio for a layer: what a search chooses from."""

from tfcompress.methods.bits import Bits
from tfcompress.methods.converted import Converted
from tfcompress.methods.method import Method
from tfcompress.methods.units import Units
from tfcompress.methods.zeros import Zeros

__all__ = ["Bits", "Converted", "Method", "Units", "Zeros"]
