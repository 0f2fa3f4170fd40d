"""Distributions: how a sparsity is shared out among the weights of a model."""

from tfcompress.distributions.distribution import Distribution
from tfcompress.distributions.erdos_renyi import ErdosRenyi
from tfcompress.distributions.per_layer import PerLayer
from tfcompress.distributions.uniform import Uniform

__all__ = ["Distribution", "ErdosRenyi", "PerLayer", "Uniform"]
