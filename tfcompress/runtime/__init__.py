"""Running exported files as if they were models, and timing them side by side."""

from tfcompress.runtime.c_array import write_c_array
from tfcompress.runtime.compare_latency import Latency, compare_latency
from tfcompress.runtime.micro_report import MicroReport, micro_report
from tfcompress.runtime.sign_bits import pack_signs
from tfcompress.runtime.sign_matrix import SignMatrix
from tfcompress.runtime.tflite_model import TFLiteModel
from tfcompress.runtime.xnor_model import XnorModel

__all__ = [
    "Latency",
    "MicroReport",
    "SignMatrix",
    "TFLiteModel",
    "XnorModel",
    "compare_latency",
    "micro_report",
    "pack_signs",
    "write_c_array",
]
