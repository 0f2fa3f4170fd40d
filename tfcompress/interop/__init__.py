"""Models of legacy Keras and of tensorflow-model-optimization, here and there."""

from tfcompress.interop import tfmot
from tfcompress.interop.load_legacy import load_legacy

__all__ = ["load_legacy", "tfmot"]
