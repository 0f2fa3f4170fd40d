import keras
import pytest
from keras import layers

import tfcompress as tfc
from tfcompress.interop.graph import Output
from tfcompress.interop.keras_3_config import read


class Doubled(layers.Layer):
    def call(self, inputs):
        return 2 * inputs


class Nameless(layers.Layer):
    def __init__(self, thing):
        super().__init__()

    def call(self, inputs):
        return inputs


def chain(*more, shape=(4,)):
    return keras.Sequential([keras.Input(shape), *more])


def test_weights_are_carried_so_initializers_and_seeds_are_not():
    config = read(chain(layers.Dense(2, name="d"))).layers["d"].config
    assert not [key for key in config if key.endswith("_initializer")]
    layer = layers.Dropout(0.5, seed=3, name="d")
    assert "seed" not in read(chain(layer)).layers["d"].config


def test_only_what_nobody_asked_for_may_be_left_out():
    layer = layers.LayerNormalization(name="n", epsilon=0.1)
    spare = read(chain(layer)).layers["n"].spare
    assert "rms_scaling" in spare
    assert "epsilon" not in spare


def test_objects_of_keras_lose_their_modules():
    layer = layers.Dense(2, kernel_regularizer="l2", dtype="mixed_float16", name="d")
    config = read(chain(layer)).layers["d"].config
    assert config["kernel_regularizer"]["class_name"] == "L2"
    assert config["kernel_regularizer"].keys() == {"class_name", "config"}
    assert config["dtype"] == "mixed_float16"


def test_arguments_get_their_old_names():
    layer = layers.LeakyReLU(negative_slope=0.25, name="l")
    assert read(chain(layer)).layers["l"].config["alpha"] == 0.25
    both = layers.Bidirectional(layers.LSTM(2, name="lstm"), name="b")
    config = read(chain(both, shape=(3, 4))).layers["b"].config
    assert config["layer"].config["name"] == "lstm"
    assert config["backward_layer"].config["go_backwards"]


def test_masks_that_follow_from_a_layer_are_found_again_there():
    x = keras.Input((5,), name="x")
    y = layers.LSTM(2, name="y")(layers.Embedding(9, 3, mask_zero=True, name="e")(x))
    graph = read(keras.Model(x, y))
    assert [call.layer for call in graph.calls] == ["x", "e", "y"]
    assert graph.calls[2].kwargs == {}


def test_masks_that_are_given_stay():
    x, mask = (
        keras.Input((5, 3), name="x"),
        keras.Input((5,), dtype="bool", name="mask"),
    )
    graph = read(keras.Model([x, mask], layers.LSTM(2, name="y")(x, mask=mask)))
    places = [call.layer for call in graph.calls]
    assert graph.calls[places.index("y")].kwargs == {
        "mask": Output(places.index("mask"), 0)
    }


def test_uses_of_nested_models_are_counted_from_the_first():
    inner_input = keras.Input((4,))
    inner = keras.Model(inner_input, layers.Dense(4)(inner_input), name="inner")
    x = keras.Input((4,), name="x")
    graph = read(keras.Model(x, inner(inner(x))))
    assert [call.layer for call in graph.calls] == ["x", "inner", "inner"]
    assert graph.calls[2].args == [Output(1, 0)]
    assert graph.outputs == Output(2, 0)


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (lambda: Doubled(name="l"), "its class is not one of Keras"),
        (lambda: layers.Lambda(lambda x: x, name="l"), "its function is Python code"),
        (
            lambda: tfc.layers.LowRankDense(2, rank=1, name="l"),
            r"it is compressed. Make plain layers of all such by `tfc\.fold` first",
        ),
        (
            lambda: layers.Dense(2, activation="hard_sigmoid", name="l"),
            "'hard_sigmoid' has other values in legacy Keras",
        ),
        (
            lambda: layers.Dense(2, activation=lambda x: x, name="l"),
            "its activation is not one of Keras",
        ),
        (
            lambda: layers.Dense(
                2, kernel_regularizer=tfc.regularizers.GroupLasso(0.1), name="l"
            ),
            "its kernel_regularizer is not one of Keras",
        ),
    ],
)
def test_what_legacy_keras_does_not_have_is_refused_by_name(layer, why):
    with pytest.raises(ValueError, match=f"Layer 'l': {why}"):
        read(chain(layer()))


def test_layers_in_layers_are_refused_by_their_path():
    inner = chain(Doubled(name="own"))
    inner.name = "inner"
    with pytest.raises(ValueError, match="Layer 'inner/own': its class"):
        read(chain(inner))
    both = layers.Bidirectional(tfc.layers.CompressedLSTM(2, name="c"), name="b")
    with pytest.raises(ValueError, match="Layer 'b/forward_c': it is compressed"):
        read(chain(both, shape=(3, 4)))


def test_operations_are_refused_and_layers_named_in_their_place():
    x = keras.Input((4,))
    with pytest.raises(
        ValueError, match=r"Layer 'add\w*': it is an operation, .*layers.Add"
    ):
        read(keras.Model(x, x + x))


def test_a_call_that_trains_always_is_refused():
    x = keras.Input((4,))
    y = layers.Dropout(0.5, name="d")(x, training=True)
    with pytest.raises(
        ValueError, match="Layer 'd': it is called with `training=True`"
    ):
        read(keras.Model(x, y))


def test_other_models_are_refused():
    with pytest.raises(ValueError, match="layer without `get_config`"):
        read(keras.Model(x := keras.Input((4,)), Nameless(object())(x)))
    with pytest.raises(ValueError, match="must be built"):
        read(keras.Sequential([layers.Dense(2)]))
    with pytest.raises(TypeError, match=r"must be a `keras\.Model`"):
        read("model.keras")
