import keras
import numpy as np
import pytest
from keras import ops

from tfcompress import dictionaries as d

RULES = {
    "Random": (d.Random(seed=3), (30,)),
    "Sketch": (d.Sketch(seed=3), (30,)),
    "Cosine": (d.Cosine(), (30,)),
    "Cosine on a grid": (d.Cosine(grid=(5, 3)), (30,)),
    "Cosine of a convolution": (d.Cosine(), (3, 3, 4)),
    "Gaussian": (d.Gaussian(grid=(5, 6), seed=3), (30,)),
    "Gaussian of a convolution": (d.Gaussian(scale=2.0, seed=3), (3, 3, 4)),
    "KernelRidge": (d.KernelRidge(grid=(5, 6), seed=3), (30,)),
}


@pytest.fixture(params=RULES)
def case(request):
    return RULES[request.param]


def test_atoms_are_columns_for_the_rows_of_the_weight(case):
    rule, shape = case
    atoms = rule.atoms(shape, 7)
    assert atoms.shape == (np.prod(shape), 7)
    assert np.linalg.matrix_rank(atoms) >= 6  # a sketch may leave an atom out
    assert atoms.dtype == "float32"


def test_a_graph_computes_the_same_rows(case):
    rule, shape = case
    if not rule.computable_in_graph:
        pytest.skip("needs the inverse of a matrix")
    rows = ops.convert_to_tensor(np.array([2, 0, 11], "int32"))
    expected = rule.atoms(shape, 7)[[2, 0, 11]]
    np.testing.assert_allclose(rule.entries(rows, shape, 7, ops), expected, atol=1e-5)


def test_a_saved_rule_has_the_same_atoms(case):
    rule, shape = case
    again = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(rule)
    )
    np.testing.assert_array_equal(again.atoms(shape, 7), rule.atoms(shape, 7))


def test_more_atoms_than_rows_are_refused(case):
    rule, shape = case
    with pytest.raises(ValueError, match=f"`atoms` must be at most {np.prod(shape)}"):
        rule.atoms(shape, 37)


DATA = [d.Covariance, d.KMeans, d.Autoencoder]


@pytest.mark.parametrize("rule", DATA)
def test_atoms_of_data_follow_from_the_data(rule, rng):
    x = rng.normal(size=(50, 6))
    first, second = rule(x).atoms((6,), 3), rule(x).atoms((6,), 3)
    assert first.shape == (6, 3)
    np.testing.assert_array_equal(first, second)
    assert not np.allclose(first, rule(x[:40]).atoms((6,), 3))


@pytest.mark.parametrize("rule", DATA)
def test_data_is_not_in_the_configuration(rule, rng):
    config = keras.saving.serialize_keras_object(rule(rng.normal(size=(50, 6))))
    again = keras.saving.deserialize_keras_object(config)
    assert again.learned
    assert again.observed is None
    assert again.atoms((6,), 3).shape == (6, 3)  # until the weights are loaded


@pytest.mark.parametrize("rule", DATA)
def test_no_data_is_refused(rule):
    with pytest.raises(ValueError, match=f"from data.*{rule.__name__}.*inputs=x"):
        rule().atoms((6,), 3)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros(6), "be a batch of shape"),
        (np.full((3, 6), np.nan), "finite numbers only"),
        (np.zeros((3, 5)), "be of 6 features, as the weight has rows"),
    ],
)
def test_data_that_does_not_suit_is_refused(x, message):
    with pytest.raises(ValueError, match=f"`inputs` must {message}|{message}"):
        d.Covariance(x).atoms((6,), 3)
