import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.conversion.observe import observe
from tfcompress.conversion.swap import hosts


def watch(model, x):
    known = hosts()
    watched = [(one, known[type(one)]) for one in model.layers if type(one) in known]
    return observe(model, watched, x)


@pytest.mark.parametrize(
    "layer",
    [
        layers.Dense(3),
        layers.Conv2D(3, 2, strides=2, padding="same"),
        layers.Conv2D(3, (2, 3), dilation_rate=2),
        layers.EinsumDense("abcd,df->abcf", (None, None, 3)),
        layers.EinsumDense("abcd,bdf->abcf", (5, None, 3)),
        layers.EinsumDense("abcd,cdf->abf", (5, 3)),
    ],
    ids=lambda layer: layer.name,
)
def test_rows_times_the_weight_are_the_outputs(layer, rng):
    x = rng.normal(size=(6, 5, 7, 4)).astype("float32")
    model = keras.Sequential([keras.Input((5, 7, 4)), layer])

    inputs = watch(model, x)[id(layer), "kernel"]

    matrix = np.reshape(layer.kernel, (-1, 3))
    # What rows there were is not kept, but the squares of the outputs tell.
    assert inputs.energy(matrix) == pytest.approx(np.sum(model(x) ** 2), rel=1e-4)
    assert inputs.features == len(matrix)


@pytest.mark.parametrize("padding", ["causal", "same"])
def test_a_convolution_over_time_is_seen(padding, rng):
    x = rng.normal(size=(6, 9, 4)).astype("float32")
    layer = layers.Conv1D(3, 3, padding=padding)
    model = keras.Sequential([keras.Input((9, 4)), layer])
    inputs = watch(model, x)[id(layer), "kernel"]
    matrix = np.reshape(layer.kernel, (-1, 3))
    assert inputs.energy(matrix) == pytest.approx(np.sum(model(x) ** 2), rel=1e-4)


def test_projections_of_attention_are_seen(rng):
    sequence = keras.Input((5, 8))
    layer = layers.MultiHeadAttention(2, 3)
    model = keras.Model(sequence, layer(sequence, sequence))
    x = rng.normal(size=(4, 5, 8)).astype("float32")
    seen = watch(model, x)
    names = {name for _, name in seen}
    assert names == {"query_kernel", "key_kernel", "value_kernel", "output_kernel"}
    kernel = layer.query_dense.kernel  # 8 features to 2 heads of 3
    query = np.reshape(kernel, (-1, 3))
    outputs = x.reshape(-1, 8) @ np.reshape(kernel, (8, -1))
    energy = seen[id(layer), "query_kernel"].energy(query)
    assert energy == pytest.approx(np.sum(outputs**2), rel=1e-4)


def test_look_ups_are_counted(rng):
    layer = layers.Embedding(6, 2)
    model = keras.Sequential([keras.Input((3,), dtype="int32"), layer])
    seen = watch(model, np.array([[0, 1, 1], [5, 0, 1]]))
    assert seen[id(layer), "embeddings"].gram.tolist() == [2, 3, 0, 0, 0, 1]


def test_states_are_not_seen_and_layers_are_left_as_they_were(rng):
    layer = layers.LSTM(3)
    model = keras.Sequential([keras.Input((5, 2)), layer])
    seen = watch(model, rng.normal(size=(4, 5, 2)).astype("float32"))
    assert set(seen) == {(id(layer), "kernel")}
    assert "call" not in vars(layer)


def test_groups_are_not_seen(rng):
    layer = layers.Conv2D(4, 3, groups=2)
    model = keras.Sequential([keras.Input((5, 5, 2)), layer])
    assert watch(model, rng.normal(size=(2, 5, 5, 2)).astype("float32")) == {}


def test_all_examples_are_seen_in_parts(rng):
    layer = layers.Dense(2)
    model = keras.Sequential([keras.Input((3,)), layer])
    x = rng.normal(size=(600, 3)).astype("float32")
    inputs = watch(model, x)[id(layer), "kernel"]
    assert inputs.count == 600
    np.testing.assert_allclose(inputs.gram, x.T @ x, rtol=1e-4)


@pytest.mark.parametrize("x", [np.zeros((0, 3)), [np.zeros((2, 3)), np.zeros((1, 3))]])
def test_examples_of_no_or_of_several_numbers_are_refused(x):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    with pytest.raises(ValueError, match="`inputs` must hold examples"):
        watch(model, x)
