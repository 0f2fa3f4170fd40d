import keras
import numpy as np
import pytest
from contract import HostContract, assert_same
from keras import layers
from keras.src import testing

from tfcompress.conversion.convert import convert
from tfcompress.kernels.binary import Binary
from tfcompress.kernels.full import Full
from tfcompress.layers.compressed_embedding import CompressedEmbedding

KERNELS = (*HostContract.kernels, Binary(scale="channel"))


@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed")
@pytest.mark.parametrize("kernel", KERNELS, ids=lambda k: type(k).__name__)
def test_passes_the_harness_of_keras(kernel):
    testing.TestCase().run_layer_test(
        CompressedEmbedding,
        init_kwargs={"input_dim": 9, "output_dim": 8, "embeddings": kernel},
        input_shape=(2, 3),
        input_dtype="int32",
        expected_output_shape=(2, 3, 8),
        run_mixed_precision_check=False,
    )


@pytest.mark.parametrize("mask_zero", [False, True])
def test_with_a_full_table_it_is_the_twin_and_so_is_its_mask(mask_zero, rng):
    inputs = keras.Input((6,), dtype="int32")
    x = layers.Embedding(9, 4, mask_zero=mask_zero, name="it")(inputs)
    model = keras.Model(inputs, layers.LSTM(3, name="lstm")(x))
    converted = convert(model, {"it": Full(), "lstm": Full()})
    words = rng.integers(0, 3, size=(5, 6))
    assert_same(converted(words), model(words))


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda k: type(k).__name__)
def test_rows_are_those_of_the_full_table(kernel, rng):
    words = rng.integers(0, 50, size=(3, 4))
    layer = CompressedEmbedding(50, 8, embeddings=kernel)
    rows = layer(words)
    np.testing.assert_allclose(rows, layer.embeddings.numpy()[words], atol=1e-6)


def test_starts_from_given_weights(rng):
    table = rng.normal(size=(9, 4)).astype("float32")
    layer = CompressedEmbedding(9, 4, weights=table)
    np.testing.assert_array_equal(layer.embeddings, table)
