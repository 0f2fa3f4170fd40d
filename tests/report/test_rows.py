import keras
import numpy as np

from tfcompress.kernels.binary import Binary
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.compressed_multi_head_attention import (
    CompressedMultiHeadAttention,
)
from tfcompress.report.rows import rows


def sequential(*layers, size=4):
    return keras.Sequential([keras.Input((size,)), *layers])


def test_plain_variables_take_the_bits_of_their_type():
    model = sequential(
        keras.layers.Dense(2, name="a"),
        keras.layers.Dense(3, name="b", dtype="float16"),
    )
    a, b = rows(model, {})
    assert (a.parameters, a.stored_bits) == (10, 320)
    assert (b.parameters, b.stored_bits) == (9, 144)


def test_bfloat16_takes_16_bits():
    (row,) = rows(sequential(keras.layers.Dense(2, dtype="bfloat16")), {})
    assert row.stored_bits == 160


def test_zeros_are_counted_in_all_variables():
    dense = keras.layers.Dense(2)
    model = sequential(dense)
    dense.kernel.assign([[1, 0], [0, 0], [2, 3], [0, 0]])

    (row,) = rows(model, {})

    assert (row.parameters, row.nonzero) == (10, 3)  # the two biases are zero too
    np.testing.assert_allclose(row.sparsity, 0.7)


def test_kernel_answers_for_its_bits():
    (row,) = rows(sequential(CompressedDense(8, kernel=Binary())), {})
    assert row.parameters == 4 * 8 + 8
    assert row.stored_bits == 4 * 8 * 1 + 8 * 32  # one bit a weight, 32 a bias


def test_kernel_that_stores_floats():
    layer = CompressedDense(16, kernel=LowRank(rank=2), use_bias=False)
    (row,) = rows(sequential(layer, size=16), {})
    assert row.stored_bits == 32 * 2 * (16 + 16)


def test_each_of_several_kernels_answers():
    layer = CompressedMultiHeadAttention(
        2, 4, kernels=Hashed(ratio=1 / 4, block_size=1, seed=0), use_bias=False
    )
    x = keras.Input((3, 8))
    (row,) = rows(keras.Model(x, layer(x, x)), {})
    assert row.parameters == 4 * (8 * 2 * 4) // 4
    assert row.stored_bits == 32 * row.parameters


def test_seeds_and_other_state_are_no_parameters():
    model = sequential(keras.layers.Dense(2), keras.layers.Dropout(0.5, seed=1))
    assert len(rows(model, {})) == 1


def test_variable_of_two_layers_is_stored_once():
    first, second = keras.layers.Dense(4, use_bias=False), keras.layers.Dense(4)
    model = sequential(first, second)
    second.kernel.assign(first.kernel)
    assert [row.parameters for row in rows(model, {})] == [16, 20]

    class Tied(keras.layers.Layer):
        def __init__(self, kernel):
            super().__init__()
            self.kernel = kernel

        def call(self, inputs):
            return inputs @ keras.ops.transpose(self.kernel)

    model = sequential(first, Tied(first.kernel))
    tied = rows(model, {})
    assert [row.parameters for row in tied] == [16, 0]
    assert sum(row.parameters for row in tied) == model.count_params()


def test_part_without_known_macs_keeps_its_row():
    dense = keras.layers.Dense(2)
    model = sequential(dense)
    assert rows(model, {})[0].macs is None
    assert rows(model, {id(dense): 8})[0].macs == 8


def test_the_error_of_the_start_is_that_of_the_worst_kernel():
    layer = CompressedDense(4, kernel=Hashed(ratio=0.25, seed=1, block_size=1))
    model = sequential(layer, keras.layers.Dense(2))
    error = layer.kernels["kernel"].encode(np.arange(16.0).reshape(4, 4))
    started, plain = rows(model, {})
    assert started.error == error > 0
    assert plain.error is None
