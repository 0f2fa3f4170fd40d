import numpy as np
import pytest

from tfcompress.feature_selection.training_data import finite_features, training_data


def data_of(x, y, task="classification", validation_split=0.25, seed=0):
    return training_data(x, y, task, validation_split, seed)


def test_every_sample_is_on_one_side(rng):
    x, y = rng.normal(size=(20, 3)), np.arange(20) % 4
    data = data_of(x, y)
    assert (len(data.x), len(data.x_val), data.units) == (15, 5, 4)
    both = np.concatenate([data.x, data.x_val])
    np.testing.assert_allclose(np.sort(both[:, 0]), np.sort(x[:, 0]), rtol=1e-6)


def test_targets_stay_with_their_samples(rng):
    x = rng.normal(size=(20, 1))
    data = data_of(x, 2 * x[:, 0], task="regression")
    np.testing.assert_allclose(data.y, 2 * data.x, rtol=1e-6)


def test_constant_features_are_left_out_with_a_warning(rng):
    x = rng.normal(size=(8, 3))
    x[:, 1] = 7
    with pytest.warns(UserWarning, match="1 of 3 features are constant"):
        data = data_of(x, np.arange(8) % 2)
    assert data.columns.tolist() == [0, 2]
    assert data.features == 3


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_features_that_are_not_finite_are_named(bad):
    x = np.zeros((4, 30))
    x[2, 3] = x[0, 17] = bad
    with pytest.raises(ValueError, match="not finite in 2 of 30 features: 3, 17"):
        finite_features(x)


@pytest.mark.parametrize(
    ("x", "y", "task", "message"),
    [
        (np.eye(4)[0], np.zeros(4, int), "classification", "`x` must have two axes"),
        (
            np.ones((4, 2)),
            np.arange(4),
            "classification",
            "`x` must have a feature",
        ),
        (np.eye(4), np.zeros(3, int), "classification", "as many samples as `x`, 4"),
        (np.eye(4), np.zeros(4), "classification", "`y` must hold class numbers"),
        (np.eye(4), -np.ones(4, int), "classification", "`y` must hold class numbers"),
        (np.eye(4), np.ones(4, int), "classification", "`y` must hold two classes or"),
        (np.eye(4), np.array(list("abcd")), "regression", "`y` must hold finite"),
        (np.eye(4), np.full(4, np.nan), "regression", "`y` must hold finite"),
    ],
)
def test_bad_data_is_refused(x, y, task, message):
    with pytest.raises(ValueError, match=message):
        data_of(x, y, task)


@pytest.mark.parametrize("share", [0, 1, 0.01])
def test_split_that_leaves_one_side_empty_is_refused(share):
    with pytest.raises(ValueError, match="`validation_split` must"):
        data_of(np.eye(4), np.arange(4), validation_split=share)
