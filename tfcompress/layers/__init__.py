"""Drop-in layers, and the hosts that carry any kernel."""

from tfcompress.layers.binary_conv2d import BinaryConv2D
from tfcompress.layers.binary_dense import BinaryDense
from tfcompress.layers.binary_gru import BinaryGRU
from tfcompress.layers.binary_lstm import BinaryLSTM
from tfcompress.layers.compressed_conv1d import CompressedConv1D
from tfcompress.layers.compressed_conv1d_transpose import CompressedConv1DTranspose
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.compressed_conv2d_transpose import CompressedConv2DTranspose
from tfcompress.layers.compressed_conv3d import CompressedConv3D
from tfcompress.layers.compressed_conv3d_transpose import CompressedConv3DTranspose
from tfcompress.layers.compressed_conv_lstm1d import CompressedConvLSTM1D
from tfcompress.layers.compressed_conv_lstm2d import CompressedConvLSTM2D
from tfcompress.layers.compressed_conv_lstm3d import CompressedConvLSTM3D
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.compressed_depthwise_conv1d import CompressedDepthwiseConv1D
from tfcompress.layers.compressed_depthwise_conv2d import CompressedDepthwiseConv2D
from tfcompress.layers.compressed_einsum_dense import CompressedEinsumDense
from tfcompress.layers.compressed_embedding import CompressedEmbedding
from tfcompress.layers.compressed_group_query_attention import (
    CompressedGroupQueryAttention,
)
from tfcompress.layers.compressed_gru import CompressedGRU, CompressedGRUCell
from tfcompress.layers.compressed_lstm import CompressedLSTM, CompressedLSTMCell
from tfcompress.layers.compressed_multi_head_attention import (
    CompressedMultiHeadAttention,
)
from tfcompress.layers.compressed_rnn import CompressedRNN
from tfcompress.layers.compressed_separable_conv1d import CompressedSeparableConv1D
from tfcompress.layers.compressed_separable_conv2d import CompressedSeparableConv2D
from tfcompress.layers.compressed_simple_rnn import (
    CompressedSimpleRNN,
    CompressedSimpleRNNCell,
)
from tfcompress.layers.drop_neuron_dense import DropNeuronDense
from tfcompress.layers.fire_module import FireModule
from tfcompress.layers.hashed_conv2d import HashedConv2D
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.layers.hashed_embedding import HashedEmbedding
from tfcompress.layers.hashed_gru import HashedGRU
from tfcompress.layers.hashed_lstm import HashedLSTM
from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of
from tfcompress.layers.lasso_net import LassoNet
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
    "CompressedConv1DTranspose",
    "CompressedConv2D",
    "CompressedConv2DTranspose",
    "CompressedConv3D",
    "CompressedConv3DTranspose",
    "CompressedConvLSTM1D",
    "CompressedConvLSTM2D",
    "CompressedConvLSTM3D",
    "CompressedDense",
    "CompressedDepthwiseConv1D",
    "CompressedDepthwiseConv2D",
    "CompressedEinsumDense",
    "CompressedEmbedding",
    "CompressedGRU",
    "CompressedGRUCell",
    "CompressedGroupQueryAttention",
    "CompressedLSTM",
    "CompressedLSTMCell",
    "CompressedMultiHeadAttention",
    "CompressedRNN",
    "CompressedSeparableConv1D",
    "CompressedSeparableConv2D",
    "CompressedSimpleRNN",
    "CompressedSimpleRNNCell",
    "DropNeuronDense",
    "FireModule",
    "HashedConv2D",
    "HashedDense",
    "HashedEmbedding",
    "HashedGRU",
    "HashedLSTM",
    "Host",
    "LassoNet",
    "LowRankConv2D",
    "LowRankDense",
    "LowRankGRU",
    "LowRankLSTM",
    "host_of",
]
