"""Patterns: which weights are kept or removed together."""

from tfcompress.patterns.block import Block
from tfcompress.patterns.channel import Channel
from tfcompress.patterns.n_of_m import NofM
from tfcompress.patterns.pattern import Pattern
from tfcompress.patterns.unstructured import Unstructured

__all__ = ["Block", "Channel", "NofM", "Pattern", "Unstructured"]
