import keras
import numpy as np
import pytest

from tfcompress.kernels.binary import Binary
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.low_rank import LowRank
from tfcompress.methods.converted import Converted


def test_a_kernel_is_given_by_its_class_or_by_its_name():
    assert Converted("LowRank") == Converted(LowRank)
    assert str(Converted(Hashed)) == "Hashed"


def test_the_outputs_are_fitted_where_there_are_inputs():
    model = keras.Sequential([keras.Input((16,)), keras.layers.Dense(16, name="a")])
    x = np.tile(np.eye(16, dtype="float32")[:2], (4, 1))  # only two inputs ever occur
    small = Converted(LowRank).compress(model, {"a": 0.25}, inputs=x)  # rank 2
    np.testing.assert_allclose(small(x), model(x), atol=1e-5)


def test_a_wrapped_layer_goes_by_the_name_of_its_wrapper():
    both = keras.layers.Bidirectional(keras.layers.LSTM(8), name="both")
    model = keras.Sequential([keras.Input((4, 8)), both])
    assert Converted(LowRank).layers(model) == ["both"]


@pytest.mark.parametrize("kernel", [keras.layers.Dense, "NoKernel", 3])
def test_what_is_no_kernel_is_refused(kernel):
    with pytest.raises(TypeError, match="`kernel` must be a class of"):
        Converted(kernel)


def test_a_kernel_without_a_ratio_is_refused():
    with pytest.raises((TypeError, ValueError), match="ratio"):
        Converted(Binary)
