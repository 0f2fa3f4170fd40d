"""Drop-in layers, and the hosts that carry any kernel."""

from tfcompress.layers.binary_conv2d import BinaryConv2D
from tfcompress.layers.binary_dense import BinaryDense
from tfcompress.layers.binary_gru import BinaryGRU
from tfcompress.layers.binary_lstm import BinaryLSTM
from tfcompress.layers.compressed_conv1d import CompressedConv1D
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.compressed_conv3d import CompressedConv3D
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.compressed_depthwise_conv2d import CompressedDepthwiseConv2D
from tfcompress.layers.compressed_einsum_dense import CompressedEinsumDense
from tfcompress.layers.compressed_embedding import CompressedEmbedding
from tfcompress.layers.compressed_gru import CompressedGRU
from tfcompress.layers.compressed_lstm import CompressedLSTM
from tfcompress.layers.compressed_multi_head_attention import (
    CompressedMultiHeadAttention,
)
from tfcompress.layers.compressed_separable_conv2d import CompressedSeparableConv2D
from tfcompress.layers.compressed_simple_rnn import CompressedSimpleRNN
from tfcompress.layers.drop_neuron_dense import DropNeuronDense
from tfcompress.layers.hashed_conv2d import HashedConv2D
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.layers.hashed_embedding import HashedEmbedding
from tfcompress.layers.hashed_gru import HashedGRU
from tfcompress.layers.hashed_lstm import HashedLSTM
from tfcompress.layers.low_rank_conv2d import LowRankConv2D
from tfcompress.layers.low_rank_dense import LowRankDense
from tfcompress.layers.low_rank_gru import LowRankGRU
from tfcompress.layers.low_rank_lstm import LowRankLSTM

__all__ = [
    "BinaryConv2D",
    "BinaryDense",
    "BinaryGRU",
    "BinaryLSTM",
    "CompressedConv1D",
    "CompressedConv2D",
    "CompressedConv3D",
    "CompressedDense",
    "CompressedDepthwiseConv2D",
    "CompressedEinsumDense",
    "CompressedEmbedding",
    "CompressedGRU",
    "CompressedLSTM",
    "CompressedMultiHeadAttention",
    "CompressedSeparableConv2D",
    "CompressedSimpleRNN",
    "DropNeuronDense",
    "HashedConv2D",
    "HashedDense",
    "HashedEmbedding",
    "HashedGRU",
    "HashedLSTM",
    "LowRankConv2D",
    "LowRankDense",
    "LowRankGRU",
    "LowRankLSTM",
]
