import keras
import pytest
from contract import HostContract, assert_same, randomized
from keras.src import testing

from tfcompress.conversion.convert import convert
from tfcompress.kernels.full import Full
from tfcompress.layers.compressed_multi_head_attention import (
    CompressedMultiHeadAttention,
)


@pytest.mark.parametrize("kernel", HostContract.kernels, ids=lambda k: type(k).__name__)
def test_passes_the_harness_of_keras(kernel):
    testing.TestCase().run_layer_test(
        CompressedMultiHeadAttention,
        init_kwargs={"num_heads": 2, "key_dim": 4, "kernels": kernel},
        input_shape={"query_shape": (2, 8, 16), "value_shape": (2, 4, 16)},
        expected_output_shape=(2, 8, 16),
        run_training_check=False,
    )


def test_masks_scores_and_a_key_are_those_of_the_twin(rng):
    query, value = keras.Input((5, 8)), keras.Input((7, 6))
    attention = keras.layers.MultiHeadAttention(2, 4, attention_axes=1, name="it")
    inputs = [query, value, keras.Input((7, 6)), keras.Input((5, 7), dtype="bool")]
    outputs = attention(
        query,
        value,
        key=inputs[2],
        attention_mask=inputs[3],
        return_attention_scores=True,
    )
    model = randomized(keras.Model(inputs, outputs), rng)
    converted = convert(model, {"it": Full()})
    batch = [rng.normal(size=(2, *i.shape[1:])) for i in inputs[:3]]
    batch.append(rng.uniform(size=(2, 5, 7)) < 0.7)
    assert_same(converted(batch), model(batch))


@pytest.mark.parametrize(
    "options",
    [{}, {"use_bias": False}, {"value_dim": 5}, {"output_shape": 7}, {"dropout": 0.2}],
    ids=str,
)
@pytest.mark.parametrize("call", [{}, {"use_causal_mask": True}], ids=str)
def test_with_full_kernels_it_is_the_twin(options, call, rng):
    query, value = keras.Input((5, 8)), keras.Input((7, 6))
    attention = keras.layers.MultiHeadAttention(2, 4, **options, name="it")
    model = keras.Model([query, value], attention(query, value, **call))
    model = randomized(model, rng)
    converted = convert(model, {"it": Full()})
    batch = [rng.normal(size=(2, 5, 8)), rng.normal(size=(2, 7, 6))]
    assert_same(converted(batch), model(batch))
