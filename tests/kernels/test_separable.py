import keras
import numpy as np
import pytest

from tfcompress.conversion.convert import convert
from tfcompress.kernels.separable import Separable


def test_it_is_keras_separable_convolution(rng):
    x = rng.normal(size=(2, 9, 9, 6)).astype("float32")
    model = keras.Sequential([keras.Input((9, 9, 6)), keras.layers.Conv2D(8, 3)])
    kernel = Separable(multiplier=2)
    small = convert(model, {keras.layers.Conv2D: kernel})
    inner = small.layers[0].kernels["kernel"]
    layer = keras.layers.SeparableConv2D(8, 3, depth_multiplier=2)
    layer.build(x.shape)
    layer.set_weights(
        [inner.depthwise, inner.pointwise.numpy()[None, None], model.layers[0].bias]
    )
    np.testing.assert_allclose(small(x), layer(x), atol=1e-5)


def test_a_kernel_that_is_separable_is_carried_exactly(rng):
    array = np.einsum(
        "hwc,co->hwco", rng.normal(size=(3, 3, 5)), rng.normal(size=(5, 7))
    )
    kernel = Separable()
    kernel.build(array.shape)
    assert kernel.encode(array) < 1e-6


def test_a_kronecker_product_of_a_filter_and_a_matrix_is_carried_exactly(rng):
    array = np.kron(rng.normal(size=(3, 3, 1, 1)), rng.normal(size=(1, 1, 5, 7)))
    kernel = Separable()
    kernel.build(array.shape)
    assert kernel.encode(array) < 1e-6


def test_as_many_filters_as_the_window_holds_are_exact(rng):
    array = rng.normal(size=(2, 2, 5, 7)).astype("float32")
    kernel = Separable(multiplier=4, must_pay=False)
    kernel.build(array.shape)
    assert kernel.encode(array) < 1e-6


def test_left_times_right_is_the_weight():
    kernel = Separable(multiplier=2)
    kernel.build((3, 3, 4, 9))
    whole = np.asarray(kernel.left()).reshape(36, 8) @ kernel.right().numpy()
    np.testing.assert_allclose(whole.reshape(3, 3, 4, 9), kernel.full(), atol=1e-6)


def test_more_filters_than_can_differ_are_refused():
    with pytest.raises(ValueError, match="`multiplier` must be at most 4"):
        Separable(multiplier=5, must_pay=False).build((2, 2, 5, 7))
