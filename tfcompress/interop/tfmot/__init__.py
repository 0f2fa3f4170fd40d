"""tensorflow-model-optimization for Keras 3 models, in a process of its own."""

from tfcompress.interop.tfmot.cluster import cluster
from tfcompress.interop.tfmot.from_tf_keras import from_tf_keras
from tfcompress.interop.tfmot.quantize_aware import quantize_aware
from tfcompress.interop.tfmot.to_tf_keras import LegacyFile, to_tf_keras

__all__ = ["LegacyFile", "cluster", "from_tf_keras", "quantize_aware", "to_tf_keras"]
