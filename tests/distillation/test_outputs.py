import keras
import numpy as np
import pytest

from tfcompress.distillation.outputs import (
    SMALLEST,
    as_logits,
    as_two_logits,
    gives_logits,
    gives_sigmoids,
)


def ending(layer, *more):
    return keras.Sequential([keras.Input((4,)), layer, *more])


def test_logits_stay_and_probabilities_become_their_logarithms():
    np.testing.assert_array_equal(as_logits(np.float32([[3, -2]]), True), [[3, -2]])
    logs = as_logits(np.float32([[0.25, 0]]), False)
    np.testing.assert_allclose(logs, [[np.log(0.25), np.log(SMALLEST)]], rtol=1e-6)


def test_logits_taken_for_probabilities_are_nan():
    np.testing.assert_array_equal(np.isnan(as_logits([[2.0, -1.0]], False)), [[0, 1]])


def test_half_precision_becomes_float32():
    assert as_logits(np.float16([[1, 2]]), True).dtype == "float32"


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ([keras.layers.Dense(3)], True),
        ([keras.layers.Dense(3, "log_softmax")], True),
        ([keras.layers.Dense(3, "softmax")], False),
        ([keras.layers.Dense(3), keras.layers.Softmax()], False),
        ([keras.layers.Dense(3), keras.layers.Activation("softmax")], False),
    ],
)
def test_the_last_activation_tells(last, expected):
    assert gives_logits("from_logits", None, ending(*last)) is expected


def test_what_was_said_counts():
    assert gives_logits("from_logits", False, ending(keras.layers.Dense(3))) is False


def test_other_activations_do_not_tell():
    model = ending(keras.layers.Dense(3, "sigmoid"))
    with pytest.raises(ValueError, match="neither linear nor a softmax"):
        gives_logits("from_logits", None, model)


def test_a_softmax_over_two_logits_is_the_sigmoid():
    given = np.float16([[0.25], [1.0]])
    logits = as_two_logits(given)
    assert (logits.shape, logits.dtype) == ((2, 1, 2), "float32")
    np.testing.assert_allclose(keras.ops.softmax(logits)[..., 1], given, atol=1e-6)


def test_sigmoids_are_known_by_the_last_activation():
    assert gives_sigmoids(ending(keras.layers.Dense(3, "sigmoid")))
    assert not gives_sigmoids(ending(keras.layers.Dense(3, "softmax")))
