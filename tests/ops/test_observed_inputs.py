import numpy as np
import pytest

from tfcompress.ops.observed_inputs import ObservedInputs


def test_error_of_outputs_follows_from_the_gram_matrix(rng):
    rows = rng.normal(size=(30, 5)).astype("float32")
    weight, other = rng.normal(size=(2, 5, 3))
    inputs = ObservedInputs(5)
    inputs.add(rows[:10])
    inputs.add(rows[10:])
    missed = np.linalg.norm(rows @ (weight - other)) / np.linalg.norm(rows @ weight)
    assert inputs.output_error(weight, other) == pytest.approx(missed, rel=1e-5)
    np.testing.assert_allclose(
        inputs.inner(weight, other), (rows @ weight).T @ (rows @ other), rtol=1e-4
    )
    assert inputs.count == 30


def test_indices_are_rows_with_a_single_one(rng):
    words = rng.integers(0, 4, size=(3, 7))
    looked_up, multiplied = ObservedInputs(4, indexed=True), ObservedInputs(4)
    looked_up.add(words)
    multiplied.add(np.eye(4)[words.ravel()])
    weight, other = rng.normal(size=(2, 4, 3))
    assert looked_up.output_error(weight, other) == pytest.approx(
        multiplied.output_error(weight, other)
    )
    np.testing.assert_allclose(
        looked_up.inner(weight, other), multiplied.inner(weight, other)
    )
    assert looked_up.sample.shape == (len(np.unique(words)), 4)


def test_the_sample_is_spread_over_all_rows():
    inputs = ObservedInputs(1)
    inputs.add(np.arange(30_000.0)[:, None])
    assert len(inputs.sample) == 10_000
    assert inputs.sample.max() > 29_990


def test_a_weight_without_outputs_is_not_missed():
    inputs = ObservedInputs(2)
    inputs.add(np.zeros((3, 2)))
    assert inputs.output_error(np.ones((2, 2)), np.zeros((2, 2))) == 0
