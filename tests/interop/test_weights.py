import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.interop import keras_3_config
from tfcompress.interop.weights import assign, collect, plain, variables


def network():
    return keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(3, name="first"),
            keras.Sequential(
                [keras.Input((3,)), layers.BatchNormalization(name="norm")],
                name="inner",
            ),
        ]
    )


def test_weights_come_back_by_path_and_number(rng):
    model, other = network(), network()
    model.set_weights([rng.random(w.shape) for w in model.get_weights()])
    arrays = collect(keras_3_config.read(model), model)
    norm = [f"inner/norm:{i}" for i in range(4)]
    assert list(arrays) == ["first:0", "first:1", *norm]
    assign(keras_3_config.read(model), other, arrays)
    for ours, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_trained_weights_come_first():
    outer = layers.TimeDistributed(network())
    outer.build((None, 4, 2))
    names = [variable.name for variable in variables(outer)]
    first, last = (
        ["kernel", "bias", "gamma", "beta"],
        ["moving_mean", "moving_variance"],
    )
    assert names == first + last


@pytest.mark.parametrize("shapes", [[(2, 3)], [(3, 2), (3,)], [(2, 3), (3,), (1,)]])
def test_other_weights_are_refused_by_the_name_of_the_layer(shapes):
    model = keras.Sequential([keras.Input((2,)), layers.Dense(3, name="first")])
    arrays = {f"first:{i}": np.zeros(shape) for i, shape in enumerate(shapes)}
    with pytest.raises(ValueError, match=r"Layer 'first': .*\[\(2, 3\), \(3,\)\] here"):
        assign(keras_3_config.read(model), model, arrays)


def test_a_layer_that_computes_with_copies_is_told():
    model = keras.Sequential([keras.Input((1,)), layers.Normalization(name="n")])
    arrays = {"n:0": np.array([4.0]), "n:1": np.array([9.0]), "n:2": np.array(0)}
    assign(keras_3_config.read(model), model, arrays)
    assert model(np.array([[10.0]])).numpy().tolist() == [[2]]  # (10 - 4) / 3


def test_half_precision_is_written_in_full():
    assert plain(keras.Variable([1.5], dtype="bfloat16")).dtype == "float32"
    assert plain(keras.Variable([1], dtype="int32")).dtype == "int32"
