"""Running exported files as if they were models, and timing them side by side."""

from tfcompress.runtime.compare_latency import Latency, compare_latency
from tfcompress.runtime.sign_bits import pack_signs, sign_product
from tfcompress.runtime.tflite_model import TFLiteModel
from tfcompress.runtime.xnor_model import XnorModel

__all__ = [
    "Latency",
    "TFLiteModel",
    "XnorModel",
    "compare_latency",
    "pack_signs",
    "sign_product",
]
