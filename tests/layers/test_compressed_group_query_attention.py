import keras
import pytest
from contract import assert_same, randomized
from keras.src import testing

from tfcompress.conversion.convert import convert
from tfcompress.kernels.full import Full
from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_group_query_attention import (
    CompressedGroupQueryAttention,
)


def test_passes_the_harness_of_keras():
    testing.TestCase().run_layer_test(
        CompressedGroupQueryAttention,
        init_kwargs={
            "head_dim": 4,
            "num_query_heads": 4,
            "num_key_value_heads": 2,
            "kernels": Hashed(ratio=0.5, seed=1),
        },
        input_shape={"query_shape": (2, 8, 16), "value_shape": (2, 4, 16)},
        expected_output_shape=(2, 8, 16),
        run_training_check=False,
    )


@pytest.mark.parametrize(
    ("options", "call"),
    [
        ({}, {}),
        ({"use_bias": False}, {"use_causal_mask": True}),
        ({"dropout": 0.2, "use_gate": True}, {"return_attention_scores": True}),
    ],
    ids=str,
)
def test_with_full_kernels_it_is_the_twin(options, call, rng):
    query, value = keras.Input((5, 8)), keras.Input((7, 8))
    attention = keras.layers.GroupQueryAttention(4, 4, 2, **options, name="it")
    model = keras.Model([query, value], attention(query, value, **call))
    model = randomized(model, rng)
    converted = convert(model, {"it": Full()})
    assert type(converted.get_layer("it")) is CompressedGroupQueryAttention
    batch = [rng.normal(size=(2, 5, 8)), rng.normal(size=(2, 7, 8))]
    assert_same(converted(batch), model(batch))
