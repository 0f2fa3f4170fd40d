import io

import keras
import numpy as np
import pytest
from rich.console import Console

from tfcompress.cli.fit import fit

X = np.array([[1.0, 0.0], [0.0, 1.0]] * 20, "float32")
Y = np.array([0, 1] * 20)


def trained(*layers, y=Y):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), *layers])
    options = {"epochs": 20, "batch_size": 8, "learning_rate": 0.1, "seed": 0}
    console = Console(file=io.StringIO())
    fit(model, (X, y), [keras.callbacks.Callback()], **options, console=console)
    return model.predict(X, verbose=0)


@pytest.mark.parametrize("activation", ["softmax", "linear"])
def test_probabilities_and_logits_are_both_learnt_from(activation):
    outputs = trained(keras.layers.Dense(2, activation))
    assert (outputs.argmax(-1) == Y).all()


def test_same_seed_is_the_same_training():
    one, other = (trained(keras.layers.Dense(2)) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_one_probability_is_learnt_from():
    outputs = trained(keras.layers.Dense(1, "sigmoid"))
    assert ((outputs[:, 0] > 0.5) == Y).all()


def test_outputs_that_are_no_classes_are_refused():
    with pytest.raises(ValueError, match="neither linear nor a softmax"):
        trained(keras.layers.Dense(2, "relu"))
