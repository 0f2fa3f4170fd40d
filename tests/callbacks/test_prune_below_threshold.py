import keras
import numpy as np
import pytest
from linear import fit, mask, still

from tfcompress.callbacks.prune_below_threshold import PruneBelowThreshold

X, Y = np.ones((4, 3)), np.ones((4, 2))
KERNEL = np.float32([[3, -1], [-3, 1], [1, -1]])  # mean 0, variance 22 / 6


def two_layers():
    parts = [keras.layers.Dense(50, name="a"), keras.layers.Dense(50, name="b")]
    model = keras.Sequential([keras.Input((3,)), *parts])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    return model


def test_what_is_below_the_threshold_goes():
    model = still(KERNEL)

    prune = PruneBelowThreshold(1.0)  # the standard deviation is 1.91
    fit(model, prune, Y, x=X)

    assert mask(model) == [[1, 0], [1, 0], [0, 0]]


def test_nothing_goes_below_a_threshold_that_is_low():
    model = still(KERNEL)

    fit(model, PruneBelowThreshold(0.5), Y, x=X)

    assert np.sum(mask(model)) == 6


def test_the_largest_weight_stays_whatever_the_quality():
    model = still(KERNEL * [[1.1], [1], [1]])

    fit(model, PruneBelowThreshold(9.0), Y, x=X)

    assert mask(model) == [[1, 0], [0, 0], [0, 0]]


def test_a_second_fit_takes_the_spread_of_what_is_left():
    model = still([[9, 1], [6, 1], [-9, 1]])  # standard deviation 5.9, then 7.9

    prune = PruneBelowThreshold(1.0)
    fit(model, prune, Y, x=X)
    once = mask(model)
    fit(model, prune, Y, x=X)

    assert once == [[1, 0], [1, 0], [1, 0]]
    assert mask(model) == [[1, 0], [0, 0], [1, 0]]


def test_run_resumed_after_the_cut_is_not_cut_again():
    model = still([[9, 1], [6, 1], [-9, 1]])
    prune = PruneBelowThreshold(1.0, at=1)
    fit(model, prune, Y, x=X)

    fit(model, prune, Y, x=X, epochs=2, initial_epoch=1)

    assert mask(model) == [[1, 0], [1, 0], [1, 0]]


def test_each_layer_may_have_its_own_quality():
    model = two_layers()
    prune = PruneBelowThreshold({"*": 0.5, "b": 1.2})

    model.fit(np.ones((4, 3)), np.ones((4, 50)), verbose=0, callbacks=[prune])

    shares = [np.mean(layer.kernel.numpy() != 0) for layer in model.layers]
    # Of a uniform distribution on (-1, 1), whose deviation is 0.577: 1 - q 0.577.
    np.testing.assert_allclose(shares, [1 - 0.289, 1 - 0.693], atol=0.12)


def test_layers_that_quality_names_are_those_that_are_pruned():
    model = two_layers()

    prune = PruneBelowThreshold({"b": 1.2})
    model.fit(np.ones((4, 3)), np.ones((4, 50)), verbose=0, callbacks=[prune])

    assert np.all(model.layers[0].kernel.numpy() != 0)


def test_layer_without_a_quality_is_refused():
    prune = PruneBelowThreshold({"b": 1.0}, which=["a", "b"])

    with pytest.raises(ValueError, match="`quality` must name all that `which` names"):
        two_layers().fit(X, np.ones((4, 50)), verbose=0, callbacks=[prune])


@pytest.mark.parametrize("quality", [0, -1.0, "1", {"a": 0}])
def test_quality_must_be_positive(quality):
    with pytest.raises(ValueError, match=r"`quality.*must be a number in \(0, inf\)"):
        PruneBelowThreshold(quality)


def test_config_round_trip():
    prune = PruneBelowThreshold({"a": 1.5}, at="3 epochs")

    assert PruneBelowThreshold.from_config(prune.get_config()).get_config() == {
        "quality": {"a": 1.5},
        "at": "3 epochs",
        "which": ["a"],
    }
