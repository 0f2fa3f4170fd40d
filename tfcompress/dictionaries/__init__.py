"""Dictionaries: the fixed factor U of a weight W = U V, of which only V is learned."""

from tfcompress.dictionaries.autoencoder import Autoencoder
from tfcompress.dictionaries.cosine import Cosine
from tfcompress.dictionaries.covariance import Covariance
from tfcompress.dictionaries.gaussian import Gaussian
from tfcompress.dictionaries.k_means import KMeans
from tfcompress.dictionaries.kernel_ridge import KernelRidge
from tfcompress.dictionaries.random import Random
from tfcompress.dictionaries.rule import DataRule, Rule
from tfcompress.dictionaries.sketch import Sketch

__all__ = [
    "Autoencoder",
    "Cosine",
    "Covariance",
    "DataRule",
    "Gaussian",
    "KMeans",
    "KernelRidge",
    "Random",
    "Rule",
    "Sketch",
]
