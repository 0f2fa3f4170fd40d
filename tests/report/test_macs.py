import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.compressed_lstm import CompressedLSTM
from tfcompress.layers.compressed_multi_head_attention import (
    CompressedMultiHeadAttention,
)
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.report.call import Call, shapes
from tfcompress.report.macs import is_known, macs


def cost(layer, *shape):
    """The cost of one call on tensors of these shapes, batch included."""
    tensors = [keras.KerasTensor(one) for one in shape]
    return macs(layer, Call.of(layer.call, tensors, {}, layer(*tensors)))


# Worked out by hand: weights of the layer, times the places where they are applied.
BY_HAND = {
    "dense": (layers.Dense(4), (1, 3), 3 * 4),
    "dense on each of 5 steps": (layers.Dense(4), (1, 5, 3), 3 * 4 * 5),
    "conv1d": (layers.Conv1D(4, 3), (1, 10, 2), 3 * 2 * 4 * 8),
    "conv2d": (layers.Conv2D(4, 3), (1, 6, 6, 2), 3 * 3 * 2 * 4 * 16),
    "conv2d, strides": (
        layers.Conv2D(4, 3, strides=2, padding="same"),
        (1, 6, 6, 2),
        3 * 3 * 2 * 4 * 9,
    ),
    "conv2d, groups": (layers.Conv2D(4, 3, groups=2), (1, 6, 6, 2), 3 * 3 * 4 * 16),
    "conv2d, dilation": (
        layers.Conv2D(4, 3, dilation_rate=2),
        (1, 6, 6, 2),
        3 * 3 * 2 * 4 * 4,
    ),
    "conv3d": (layers.Conv3D(4, 2), (1, 3, 3, 3, 2), 8 * 2 * 4 * 8),
    "depthwise conv1d": (layers.DepthwiseConv1D(3), (1, 6, 2), 3 * 2 * 4),
    "depthwise conv2d": (
        layers.DepthwiseConv2D(3, depth_multiplier=2),
        (1, 6, 6, 2),
        3 * 3 * 2 * 2 * 16,
    ),
    "separable conv1d": (layers.SeparableConv1D(4, 3), (1, 6, 2), (3 * 2 + 2 * 4) * 4),
    "separable conv2d": (
        layers.SeparableConv2D(4, 3),
        (1, 6, 6, 2),
        (3 * 3 * 2 + 2 * 4) * 16,
    ),
    "conv1d transpose": (
        layers.Conv1DTranspose(4, 3, strides=2),
        (1, 5, 2),
        3 * 2 * 4 * 5,
    ),
    "conv2d transpose": (
        layers.Conv2DTranspose(4, 3, strides=2),
        (1, 5, 5, 2),
        3 * 3 * 2 * 4 * 25,
    ),
    "conv3d transpose": (layers.Conv3DTranspose(4, 2), (1, 3, 3, 3, 2), 8 * 8 * 27),
    "einsum dense": (
        layers.EinsumDense("abc,cd->abd", output_shape=(5, 4)),
        (1, 5, 3),
        3 * 4 * 5,
    ),
    "einsum dense, ellipsis": (
        layers.EinsumDense("...x,xy->...y", output_shape=4),
        (1, 5, 6, 3),
        3 * 4 * 5 * 6,
    ),
    "einsum dense, a weight for each step": (
        layers.EinsumDense("bsd,sde->bse", output_shape=(5, 4)),
        (1, 5, 3),
        5 * 3 * 4,
    ),
    "simple rnn": (layers.SimpleRNN(4), (1, 7, 3), 7 * (3 * 4 + 4 * 4)),
    "lstm": (layers.LSTM(4), (1, 7, 3), 7 * 4 * (3 * 4 + 4 * 4)),
    "gru": (layers.GRU(4), (1, 7, 3), 7 * 3 * (3 * 4 + 4 * 4)),
    "stacked cells": (
        layers.RNN([layers.LSTMCell(4), layers.GRUCell(2)]),
        (1, 7, 3),
        7 * (4 * (3 * 4 + 4 * 4) + 3 * (4 * 2 + 2 * 2)),
    ),
    "bidirectional": (
        layers.Bidirectional(layers.LSTM(4)),
        (1, 7, 3),
        2 * 7 * 4 * (3 * 4 + 4 * 4),
    ),
    "embedding": (layers.Embedding(50, 8), (1, 7), 0),
    "batch normalization": (layers.BatchNormalization(), (1, 7), 0),
    "pooling": (layers.MaxPooling2D(), (1, 4, 4, 2), 0),
    "low rank": (CompressedDense(6, kernel=LowRank(rank=2)), (1, 8), 2 * (8 + 6)),
    "low rank convolution": (
        CompressedConv2D(8, 3, kernel=LowRank(rank=2)),
        (1, 6, 6, 4),
        2 * (3 * 3 * 4 + 8) * 16,
    ),
    "low rank convolution with groups, formed as a whole": (
        CompressedConv2D(8, 3, groups=2, kernel=LowRank(rank=2)),
        (1, 6, 6, 4),
        3 * 3 * 2 * 8 * 16,
    ),
    "low rank recurrent layer, formed as a whole": (
        CompressedLSTM(8, kernels=LowRank(rank=2)),
        (1, 7, 8),
        7 * 4 * (8 * 8 + 8 * 8),
    ),
    "hashed": (HashedDense(6, ratio=1 / 8, seed=0), (1, 8), 8 * 6),
}


@pytest.mark.parametrize(("layer", "shape", "expected"), BY_HAND.values(), ids=BY_HAND)
def test_macs_are_those_worked_out_by_hand(layer, shape, expected):
    assert cost(layer, shape) == expected


def test_attention_costs_its_projections_and_two_products():
    layer = layers.MultiHeadAttention(num_heads=2, key_dim=3, value_dim=4)
    # 5 queries, 7 values, of 8 numbers. Projections of queries, keys, values, outputs;
    # then, per head, 5 * 7 scores of 3 products and 5 * 7 times 4 to average values.
    expected = 5 * 8 * 6 + 7 * 8 * 6 + 7 * 8 * 8 + 5 * 8 * 8 + 2 * 5 * 7 * (3 + 4)
    assert cost(layer, (1, 5, 8), (1, 7, 8)) == expected


def test_attention_with_kernels_costs_what_its_twin_does():
    options = {"num_heads": 2, "key_dim": 3}
    ours = CompressedMultiHeadAttention(**options, kernels=Hashed(ratio=1 / 2, seed=0))
    twin = layers.MultiHeadAttention(**options)
    shapes = (1, 5, 8), (1, 7, 8)
    assert cost(ours, *shapes) == cost(twin, *shapes)


def test_attention_along_one_axis_compares_only_along_it():
    layer = layers.MultiHeadAttention(num_heads=1, key_dim=2, attention_axes=2)
    projections = 4 * (3 * 5) * 8 * 2  # 3 x 5 positions of 8 numbers
    scores = 3 * (5 * 5) * (2 + 2)
    assert cost(layer, (1, 3, 5, 8), (1, 3, 5, 8)) == projections + scores


def test_grouped_queries_share_keys_and_values():
    layer = layers.GroupQueryAttention(
        head_dim=3, num_query_heads=4, num_key_value_heads=2
    )
    # Queries and outputs have 4 heads, keys and values 2; scores are made for all 4.
    expected = 2 * (5 * 8 * 12) + 2 * (7 * 8 * 6) + 4 * 5 * 7 * (3 + 3)
    assert cost(layer, (1, 5, 8), (1, 7, 8)) == expected


def test_length_that_is_not_known_makes_macs_unknown():
    assert cost(layers.LSTM(4), (1, None, 3)) is None
    assert cost(layers.Conv1D(4, 3), (1, None, 3)) is None


def test_length_that_does_not_matter_need_not_be_known():
    assert cost(layers.Embedding(50, 8), (1, None)) == 0


def test_cell_of_another_type_is_unknown():
    class Cell(layers.LSTMCell):
        pass

    class Other(layers.Layer):
        state_size = 2

        def build(self, shape):
            self.w = self.add_weight(shape=(3, 2))

        def call(self, inputs, states):
            return inputs @ self.w, states

    assert cost(layers.RNN(Cell(4)), (1, 7, 3)) == 7 * 4 * (3 * 4 + 4 * 4)
    layer = layers.RNN(Other())
    layer.build((1, 7, 3))
    call = Call({"sequences": (1, 7, 3)}, (1, 2))
    assert macs(layer, call) is None


def test_other_layer_is_unknown_if_it_has_weights_and_free_if_not():
    class Scale(layers.Layer):
        def build(self, shape):
            self.scale = self.add_weight(shape=shape[-1:])

        def call(self, inputs):
            return inputs * self.scale

    assert cost(Scale(), (1, 3)) is None
    assert cost(layers.Activation("relu"), (1, 3)) == 0
    assert not is_known(Scale())


def test_layer_of_the_users_own_can_be_given_a_rule():
    class Square(layers.Layer):
        def build(self, shape):
            self.w = self.add_weight(shape=(shape[-1], shape[-1]))

        def call(self, inputs):
            return inputs @ self.w @ self.w

    @macs.register
    def _(layer: Square, call):
        return 2 * call.input[-1] ** 2

    assert is_known(Square())
    assert cost(Square(), (1, 3)) == 18


def test_channels_first_counts_the_pixels():
    layer = layers.Conv2D(4, 3, data_format="channels_first")
    layer.build((1, 2, 6, 6))
    call = Call({"inputs": (1, 2, 6, 6)}, shapes(np.zeros((1, 4, 4, 4))))
    assert macs(layer, call) == 3 * 3 * 2 * 4 * 16
