import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.kernels.ternary import Ternary
from tfcompress.recipes.compress import compress
from tfcompress.recipes.front import Front
from tfcompress.recipes.stage import Stage
from tfcompress.runtime.tflite_model import TFLiteModel

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(192, 8)).astype("float32")
Y = (X[:, 0] > 0).astype("int64") + (X[:, 1] > 0)


def trained(*hidden, x=X):
    keras.utils.set_random_seed(0)
    ends = [keras.Input(x.shape[1:])], [layers.Dense(3, "softmax", name="classes")]
    model = keras.Sequential([*ends[0], *hidden, *ends[1]])
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    model.fit(x, Y, batch_size=16, epochs=5, verbose=0)
    return model


def shrunk(model, path, **options):
    options = {"epochs": 2, "batch_size": 16, "learning_rate": 0.01, **options}
    return compress(model, (options.pop("x", X), Y), path, **options)


def test_dense_network_is_halved_and_in_two_bits(tmp_path):
    model = trained(layers.Dense(64, "relu"), layers.Dense(32, "relu"))
    before = model.get_weights()

    done = shrunk(model, tmp_path / "a.tflite", validation_split=0.25)

    assert [layer.units for layer in done.model.layers] == [32, 16, 3]
    assert all(type(one.kernels["kernel"]) is Ternary for one in done.model.layers)
    assert done.bytes == done.path.stat().st_size < done.bytes_before
    held = slice(144, None)
    assert done.accuracy == TFLiteModel(done.path).evaluate(X[held], Y[held])
    assert done.accuracy > 0.6  # of three classes
    assert done.accuracy_before == pytest.approx(
        np.mean(model.predict(X[held], verbose=0).argmax(-1) == Y[held])
    )
    assert done.times_faster > 0
    np.testing.assert_equal(model.get_weights(), before)
    assert [layer.units for layer in model.layers] == [64, 32, 3]


def test_kind_of_the_model_chooses_the_recipe(tmp_path):
    x = X.reshape(-1, 4, 2)
    model = trained(layers.LSTM(8), x=x)
    done = shrunk(model, tmp_path / "a.tflite", x=x)
    assert done.model.layers[0].units == 4
    assert not hasattr(done.model.layers[0], "kernels")  # no two bits: it is recurrent


def test_a_recipe_of_your_own(tmp_path):
    mine = Front([Stage(channels=0.75)], quantize=None)
    model = trained(layers.Dense(8, "relu"))
    done = shrunk(model, tmp_path / "a.tflite", recipe=mine)
    assert done.model.layers[0].units == 2


def test_batch_normalization_remembers_the_small_network(tmp_path):
    model = trained(layers.Dense(16), layers.BatchNormalization(), layers.ReLU())
    done = shrunk(model, tmp_path / "a.tflite", recipe=Front([Stage(channels=0.5)]))
    mean = done.model.layers[0](X[:160]).numpy().mean(axis=0)
    np.testing.assert_allclose(done.model.layers[1].moving_mean, mean, atol=1e-4)


def test_nothing_is_written_where_the_recipe_does_not_suit(tmp_path):
    model = trained()
    with pytest.raises(ValueError, match="channels"):
        shrunk(model, tmp_path / "a.tflite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("several", [list, dict])
def test_one_sigmoid_over_several_inputs(tmp_path, several):
    left, right = (keras.Input((4,), name=name) for name in ("right", "left"))
    x = layers.Dense(16, "relu")(layers.Concatenate()([left, right]))
    inputs = [left, right] if several is list else {"right": left, "left": right}
    model = keras.Model(inputs, layers.Dense(1, "sigmoid")(x))
    model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
    parts = [X[:, :4], X[:, 4:]]
    given = (
        parts if several is list else dict(zip(("right", "left"), parts, strict=True))
    )
    y = Y > 0
    model.fit(given, y, batch_size=16, epochs=5, verbose=0)

    done = compress(model, (given, y), tmp_path / "a.tflite", epochs=4, batch_size=16)

    assert done.bytes < done.bytes_before
    assert done.accuracy > 0.7  # of two classes; three quarters are of the greater
    assert done.accuracy_before > 0.7
