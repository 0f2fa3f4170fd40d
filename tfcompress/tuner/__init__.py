"""The search for the compression that a budget asks for."""

from tfcompress.tuner.budget import Budget
from tfcompress.tuner.compression import Compression
from tfcompress.tuner.trial import Trial
from tfcompress.tuner.tune import tune
from tfcompress.tuner.tuning import Tuning

__all__ = [
    "Budget",
    "Compression",
    "CompressionHyperModel",
    "Trial",
    "Tuning",
    "tune",
]


def __getattr__(name):
    # Only who asks for it waits for KerasTuner to load.
    if name == "CompressionHyperModel":
        from tfcompress.tuner.compression_hyper_model import CompressionHyperModel

        return CompressionHyperModel
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
