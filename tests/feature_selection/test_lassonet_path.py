import keras
import numpy as np
import pytest

from tfcompress.feature_selection.lassonet_path import (
    LassoNetPath,
    PathPoint,
    lassonet_path,
)
from tfcompress.layers.lasso_net import LassoNet

QUICK = {
    "hidden_units": (4,),
    "multiplier": 1.5,
    "batch_size": 25,
    "epochs": (20, 10),
    "learning_rate": 0.01,
}


@pytest.fixture(scope="module")
def data():
    x = np.random.default_rng(0).normal(size=(200, 5)).astype("float32")
    return x, (x[:, 3] > 0).astype(int)


@pytest.fixture(scope="module")
def path(data):
    return lassonet_path(*data, **QUICK, features=1)


def test_feature_that_decides_is_the_last_to_leave(path):
    assert path.ranking[0] == 3
    assert path.importances.argmax() == 3


def test_path_ends_where_few_enough_are_left(path):
    assert all(len(point.selected) > 1 for point in path.points[:-1])
    assert len(path.points[-1].selected) <= 1


def test_strength_rises_by_the_multiplier(path):
    strengths = [point.strength for point in path.points]
    assert len(strengths) > 1
    np.testing.assert_allclose(np.divide(strengths[1:], strengths[:-1]), 1.5)


def test_path_begins_where_the_weakest_feature_could_go_in_one_visit(data):
    # At so small a rate nothing is learnt: the weights are those that the seed gives.
    options = {**QUICK, "epochs": (1, 2), "learning_rate": 1e-9}
    found = lassonet_path(*data, **options, hierarchy=1e3, features=5)

    keras.utils.set_random_seed(0)
    layer = LassoNet(2, (4,))
    layer.build((None, 5))
    theta, weights = layer.skip.kernel.numpy(), layer.hidden[0].kernel.numpy()
    weakest = min(np.linalg.norm(theta, axis=1) + 1e3 * np.abs(weights).sum(axis=1))
    # 175 samples to train on are 7 batches, in 2 epochs.
    assert found.points[0].strength == pytest.approx(weakest / 14e-9, rel=1e-5)


def test_a_nearly_linear_path_is_the_lasso():
    x = np.tile([[1.0], [-1.0]], (20, 1))
    found = lassonet_path(
        x,
        x[:, 0],
        task="regression",
        hidden_units=(1,),
        hierarchy=1e-3,
        start=2.0,
        features=1,
        batch_size=5,
        epochs=(60, 40),
        learning_rate=0.005,
    )
    # (1 - t)^2 + 0.1 * 2 t, for the momentum of 0.9, is least at t = 0.9; the way there
    # swings a little beyond.
    assert found.points[0].norms[0] == pytest.approx(0.89, abs=0.03)


def test_of_features_that_leave_together_the_longer_comes_first():
    norms = ([1.0, 3.0, 2.0, 0.0], [0.0, 0.0, 1.0, 0.0])
    points = [PathPoint(i, np.array(n), 0.0, 0.0) for i, n in enumerate(norms, 1)]
    found = LassoNetPath(tuple(points), None, np.arange(4))
    assert found.importances.tolist() == [1, 1, 2, 0]
    assert found.ranking.tolist() == [2, 1, 0, 3]


@pytest.mark.parametrize(("tolerance", "visits"), [(0.0, 6), (0.9, 3)])
def test_training_rests_where_the_objective_falls_by_too_small_a_share(
    data, monkeypatch, tolerance, visits
):
    epochs = []
    fit = keras.Model.fit

    def counted(*args, **kwargs):
        history = fit(*args, **kwargs)
        epochs.append(len(history.epoch))
        return history

    monkeypatch.setattr(keras.Model, "fit", counted)
    options = {**QUICK, "epochs": (6, 1), "patience": (2, 1), "tolerance": tolerance}
    lassonet_path(*data, **options, features=4)
    # The loss falls in each of six epochs, and by nine tenths in none.
    assert epochs[0] == visits


def test_model_is_that_of_the_last_point(path):
    np.testing.assert_array_equal(
        path.model.layers[0].selected, path.points[-1].selected
    )


def test_every_sample_is_judged_by_the_features_left(path, data):
    x, _y = data
    other = x.copy()
    gone = np.setdiff1d(np.arange(5), path.points[-1].selected)
    other[:, gone] = 100.0
    np.testing.assert_array_equal(
        path.model.predict(other, verbose=0), path.model.predict(x, verbose=0)
    )


def test_plot_is_written(path, tmp_path):
    assert path.plot(tmp_path / "path.png").stat().st_size > 1000


def test_path_of_a_regression_keeps_a_linear_feature(rng):
    x = rng.normal(size=(100, 3))
    found = lassonet_path(x, 3 * x[:, 1], task="regression", **QUICK, features=2)
    assert found.ranking[0] == 1
    assert found.points[0].score > 0.5


def test_training_that_diverges_says_so(data):
    x, _ = data
    with pytest.raises(RuntimeError, match="Training diverged"):
        lassonet_path(1e18 * x, 1e18 * x[:, 0], task="regression", **QUICK, start=1e-3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"task": "ranking"}, "`task` must be one of"),
        ({"multiplier": 1.0}, r"`multiplier` must be a number in \(1, inf\)"),
        ({"features": -1}, "`features` must be an integer of at least 0"),
        ({"start": 0}, r"`start` must be a number in \(0, inf\)"),
        ({"epochs": 10}, "`epochs` must be two positive integers"),
        ({"patience": (1, 0)}, "`patience` must be a positive integer"),
        ({"tolerance": 1.0}, r"`tolerance` must be a number in \[0, 1\)"),
        ({"hierarchy": 0}, r"`hierarchy` must be a number in \(0, inf\)"),
    ],
)
def test_bad_arguments_are_refused(data, arguments, message):
    with pytest.raises(ValueError, match=message):
        lassonet_path(*data, **arguments)
