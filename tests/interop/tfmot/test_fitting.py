import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.interop.tfmot.fitting import Fitting

MODEL = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
DATA = np.ones((4, 2)), np.ones((4, 1))
DEFAULT = {
    "data": DATA,
    "loss": "mse",
    "optimizer": "adam",
    "learning_rate": 0.1,
    "epochs": 2,
    "batch_size": 3,
    "seed": None,
}


def of(model=MODEL, **change):
    return Fitting.of(model, **{**DEFAULT, **change})


def test_options_are_plain_values():
    assert of().options == {k: v for k, v in DEFAULT.items() if k != "data"}
    assert of(seed=7).options["seed"] == 7


def test_losses_go_by_their_class_and_arguments():
    loss = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.25)
    told = of(loss=loss).options["loss"]
    assert told["class_name"] == "BinaryCrossentropy"
    assert told["config"]["from_logits"] is True
    assert told["config"]["label_smoothing"] == 0.25


def test_none_is_the_loss_that_the_model_is_compiled_with():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mae")
    assert of(model, loss=None).options["loss"] == "mae"


def test_inputs_come_in_the_order_of_the_model():
    x, y = keras.Input((1,), name="x"), keras.Input((None, 3), name="y")
    model = keras.Model({"y": y, "x": x}, layers.Dense(1)(x))
    data = {"x": np.zeros((4, 1)), "y": np.zeros((4, 7, 3))}
    shapes = [one.shape for one in of(model, data=(data, DATA[1])).x]
    assert shapes == [(4, 1), (4, 7, 3)]


class Own(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return y_pred


@pytest.mark.parametrize(
    ("change", "kind", "match"),
    [
        ({"data": np.ones(4)}, ValueError, r"`data` must be a pair \(x, y\)"),
        ({"data": (np.ones((4, 3)), DATA[1])}, ValueError, "`data` must have shape"),
        (
            {"data": (np.ones((5, 2)), DATA[1])},
            ValueError,
            "`data` must hold 4 examples",
        ),
        ({"loss": None}, TypeError, "None stands for that which the model is compiled"),
        ({"loss": Own()}, TypeError, "`loss` must be the name of a loss of Keras"),
        (
            {"optimizer": keras.optimizers.Adam()},
            TypeError,
            "`optimizer` must be the name",
        ),
        ({"learning_rate": 0}, ValueError, "`learning_rate` must be a number"),
        ({"batch_size": 0}, ValueError, "`batch_size` must be a positive integer"),
        ({"seed": -1}, ValueError, "`seed` must be an integer of at least 0"),
    ],
)
def test_what_cannot_be_told_is_refused(change, kind, match):
    with pytest.raises(kind, match=match):
        of(**change)


def test_a_model_of_several_outputs_is_refused():
    x = keras.Input((2,))
    with pytest.raises(ValueError, match="`model` must have one output"):
        of(keras.Model(x, [x, layers.ReLU()(x)]))
