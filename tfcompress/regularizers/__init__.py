"""Penalties that make groups of weights small together."""

from tfcompress.regularizers.drop_neuron import DropNeuron
from tfcompress.regularizers.group_lasso import GroupLasso
from tfcompress.regularizers.sparse_group_lasso import SparseGroupLasso

__all__ = ["DropNeuron", "GroupLasso", "SparseGroupLasso"]
