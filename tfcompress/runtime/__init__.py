"""Running exported files as if they were models, and timing them side by side."""

from tfcompress.runtime.compare_latency import Latency, compare_latency
from tfcompress.runtime.tflite_model import TFLiteModel

__all__ = ["Latency", "TFLiteModel", "compare_latency"]
