"""Callbacks: what compresses a model while `fit` trains it."""

from tfcompress.callbacks.distill import Distill
from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.callbacks.pruning import Pruning

__all__ = ["Distill", "PruneLowMagnitude", "Pruning"]
