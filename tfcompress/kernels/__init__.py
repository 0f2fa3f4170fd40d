"""Kernels: how one weight tensor is stored, and computed from what is stored."""

from tfcompress.kernels.binary import Binary
from tfcompress.kernels.canonical_polyadic import CanonicalPolyadic
from tfcompress.kernels.circulant import Circulant
from tfcompress.kernels.clustered import Clustered
from tfcompress.kernels.codes import Codes
from tfcompress.kernels.dictionary import Dictionary
from tfcompress.kernels.frequency_hashed import FrequencyHashed
from tfcompress.kernels.full import Full
from tfcompress.kernels.functional_hashed import FunctionalHashed
from tfcompress.kernels.generalized_dropout import GeneralizedDropout
from tfcompress.kernels.generator import Generator
from tfcompress.kernels.hard_concrete import HardConcrete
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.hyper import Hyper
from tfcompress.kernels.kernel import Kernel
from tfcompress.kernels.low_frequency import LowFrequency
from tfcompress.kernels.low_rank import LowRank
from tfcompress.kernels.quantized import Quantized
from tfcompress.kernels.separable import Separable
from tfcompress.kernels.soft_shared import SoftShared
from tfcompress.kernels.spatial_low_rank import SpatialLowRank
from tfcompress.kernels.ternary import Ternary
from tfcompress.kernels.toeplitz import Toeplitz
from tfcompress.kernels.tucker import Tucker
from tfcompress.kernels.variational_dropout import VariationalDropout

__all__ = [
    "Binary",
    "CanonicalPolyadic",
    "Circulant",
    "Clustered",
    "Codes",
    "Dictionary",
    "FrequencyHashed",
    "Full",
    "FunctionalHashed",
    "GeneralizedDropout",
    "Generator",
    "HardConcrete",
    "Hashed",
    "Hyper",
    "Kernel",
    "LowFrequency",
    "LowRank",
    "Quantized",
    "Separable",
    "SoftShared",
    "SpatialLowRank",
    "Ternary",
    "Toeplitz",
    "Tucker",
    "VariationalDropout",
]
