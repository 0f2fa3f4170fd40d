import keras
import numpy as np
import pytest

from tfcompress.dictionaries.random import Random
from tfcompress.kernels.binary import Binary
from tfcompress.kernels.dictionary import Dictionary
from tfcompress.kernels.full import Full
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.low_rank import LowRank

KERNELS = {
    "Full": Full(),
    "Hashed": Hashed(ratio=0.5, seed=1),
    "LowRank": LowRank(rank=2),
    "Binary": Binary(scale="channel"),
    "Dictionary": Dictionary(atoms=4, dictionary=Random(seed=1)),
}


@pytest.fixture(params=KERNELS)
def kernel(request):
    return KERNELS[request.param].copy()


@pytest.mark.parametrize("shape", [(6, 8), (3, 3, 2, 8), (2, 3, 4, 2, 8)])
def test_full_has_the_shape_of_the_weight(kernel, shape):
    kernel.build(shape)
    assert tuple(kernel.full().shape) == shape


def test_copy_has_the_same_options_and_no_variables(kernel):
    kernel.build((6, 8))
    copy = kernel.copy()
    assert not copy.built
    assert {**copy.get_config(), "name": 0} == {**kernel.get_config(), "name": 0}


def test_encode_returns_the_relative_error_of_the_weight(kernel, rng):
    array = rng.normal(size=(6, 8)).astype("float32")
    kernel.build(array.shape)
    error = kernel.encode(array)
    missed = np.linalg.norm(kernel.full().numpy() - array) / np.linalg.norm(array)
    assert error == pytest.approx(missed, abs=1e-6)
    assert kernel.error == error


def test_encode_refuses_another_shape(kernel):
    kernel.build((6, 8))
    with pytest.raises(ValueError, match=r"shape \(6, 8\).*\(8, 6\)"):
        kernel.encode(np.zeros((8, 6)))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_encode_refuses_numbers_that_are_not_finite(kernel, value):
    kernel.build((6, 8))
    array = np.zeros((6, 8))
    array[2, 3] = value
    with pytest.raises(ValueError, match="finite numbers only.*1 of 48 not finite"):
        kernel.encode(array)


@pytest.mark.parametrize(("name", "bits"), [("Full", 1536), ("Hashed", 768)])
def test_stored_bits_are_those_of_the_variables(name, bits):
    kernel = KERNELS[name].copy()
    kernel.build((6, 8))
    assert kernel.stored_bits() == bits


@pytest.mark.parametrize("name", ["Hashed", "LowRank", "Binary", "Dictionary"])
def test_a_constraint_on_the_weight_is_refused(name):
    kernel = KERNELS[name].copy()
    with pytest.raises(ValueError, match="_constraint` must be None"):
        kernel.build((6, 8), constraint="non_neg")


def test_full_keeps_the_constraint_and_the_regularizer():
    kernel = Full()
    regularizer, constraint = keras.regularizers.L2(), keras.constraints.NonNeg()
    kernel.build((2, 2), regularizer=regularizer, constraint=constraint)
    assert kernel.value.regularizer is regularizer
    assert kernel.value.constraint is constraint


def test_initial_scale_is_the_one_meant_for_the_weight():
    # Glorot: variance 2 / (fan in + fan out) = 1 / 200.
    for name in ("Full", "Hashed", "LowRank"):
        kernel = LowRank(rank=50) if name == "LowRank" else KERNELS[name].copy()
        kernel.build((200, 200), initializer="glorot_normal")
        assert kernel.full().numpy().var() == pytest.approx(1 / 200, rel=0.15), name
