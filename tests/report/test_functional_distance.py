import numpy as np
import pytest

from tfcompress.report.functional_distance import FunctionalDistance


class Threshold:
    """Sure of class 1 where the first number is above a limit."""

    def __init__(self, limit):
        self.limit = limit
        self.seen = []

    def predict(self, x, verbose=0):
        self.seen.append(x)
        return np.eye(2)[(x[:, 0] > self.limit).astype(int)]


X = np.array([[-1.0], [1.0]] * 200, "float32")  # standard deviation 1


def test_model_has_no_distance_from_itself():
    found = FunctionalDistance.between(Threshold(0), Threshold(0), X)
    assert {(one.agreement, one.distance) for one in found.levels} == {(1.0, 0.0)}


def test_noise_finds_what_the_data_do_not():
    # Both are right on all data. Noise of 0.8 takes inputs from [-1.8, 1.8] without
    # [-0.2, 0.2]; they part between 0 and 0.6, where a quarter of one half falls.
    found = FunctionalDistance.between(
        Threshold(0), Threshold(0.6), X, levels=(0.0, 0.8)
    )
    clean, noisy = found.levels
    assert (clean.agreement, clean.distance) == (1, 0)
    assert noisy.agreement == pytest.approx(1 - 0.25 / 2, abs=0.03)
    apart = np.sqrt(2) * (
        1 - noisy.agreement
    )  # where they part, they are sqrt(2) apart
    assert noisy.distance == pytest.approx(apart)


def test_noise_is_as_large_as_its_level_in_units_of_the_data():
    model = Threshold(0)
    FunctionalDistance.between(model, Threshold(0), 50 * X, levels=(0.5,))
    off = np.abs(model.seen[0] - 50 * X)
    assert 24 < off.max() <= 25
    assert off.dtype == "float32"


def test_both_models_see_the_same_noise_and_each_run_too():
    ours, theirs = Threshold(0), Threshold(0)
    FunctionalDistance.between(ours, theirs, X, levels=(0.5,))
    FunctionalDistance.between(ours, theirs, X, levels=(0.5,))
    np.testing.assert_array_equal(ours.seen[0], theirs.seen[0])
    np.testing.assert_array_equal(ours.seen[0], ours.seen[3])
    assert not np.array_equal(ours.seen[0], ours.seen[1])


def test_table_and_scalars_have_each_level():
    found = FunctionalDistance.between(Threshold(0), Threshold(0), X, levels=(0.0, 0.5))
    (grid,) = found.grids()
    assert grid.rows == [["0.0", "100.00%", "0.0000"], ["0.5", "100.00%", "0.0000"]]
    assert found.scalars()["agreement_0.5"] == 1


def test_integers_are_refused():
    with pytest.raises(ValueError, match="`data` must hold float inputs"):
        FunctionalDistance.between(Threshold(0), Threshold(0), X.astype(int))


def test_inputs_that_are_all_the_same_are_refused():
    with pytest.raises(ValueError, match="`data` must hold inputs that differ"):
        FunctionalDistance.between(Threshold(0), Threshold(0), np.ones((4, 1)))
