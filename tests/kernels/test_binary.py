import keras
import numpy as np
import pytest
from keras import ops

from tfcompress.kernels.binary import Binary


def _built(array, **options):
    kernel = Binary(**options)
    kernel.build(np.shape(array))
    kernel.encode(array)
    return kernel


def test_weight_is_the_sign_of_the_latent_numbers():
    kernel = _built([[0.5, -0.1], [0.0, -2.0]])
    assert kernel.full().numpy().tolist() == [[1, -1], [1, -1]]


def test_scale_is_the_mean_size_of_each_channel():
    kernel = _built([[0.5, -0.1], [0.1, -0.3]], scale="channel")
    np.testing.assert_allclose(kernel.full(), [[0.3, -0.2], [0.3, -0.2]], rtol=1e-6)


def test_scale_is_the_least_squares_optimum(rng):
    array = rng.uniform(-1, 1, size=(20, 3)).astype("float32")
    full = _built(array, scale="channel").full().numpy()
    best = ((full - array) ** 2).sum(axis=0)
    for factor in (0.9, 0.99, 1.01, 1.1):
        assert (((factor * full - array) ** 2).sum(axis=0) > best).all()


def test_latent_numbers_stay_in_the_unit_interval_in_fit(rng):
    layer = keras.layers.Layer()
    layer.kernel = Binary()
    layer.kernel.build((2, 2))
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.apply([ops.ones((2, 2)) * 9], [layer.kernel.latent])
    assert layer.kernel.latent.numpy().min() == -1


def test_stochastic_signs_differ_in_training_only():
    kernel = _built(np.zeros((50, 50)), stochastic=True, seed=0)
    first, second = kernel.full(training=True), kernel.full(training=True)
    assert abs(float(ops.mean(first))) < 0.1
    assert bool(ops.any(first != second))
    np.testing.assert_array_equal(kernel.full(), np.ones((50, 50)))


def test_stored_bits_are_one_a_weight_and_a_float_a_scale():
    assert _built(np.ones((6, 8))).stored_bits() == 48
    assert _built(np.ones((6, 8)), scale="channel").stored_bits() == 48 + 8 * 32


def test_signs_are_not_prunable():
    assert _built(np.ones((6, 8))).prunable == []


@pytest.mark.parametrize("scale", ["layer", 1.0, True])
def test_unknown_scale_is_refused(scale):
    with pytest.raises(ValueError, match="`scale` must be one of None, 'channel'"):
        Binary(scale=scale)


def test_stochastic_must_be_a_boolean():
    with pytest.raises(TypeError, match="`stochastic` must be True or False"):
        Binary(stochastic=1)


def test_scales_on_the_outputs_are_scales_on_the_weights(rng):
    kernel = _built(rng.uniform(-1, 1, size=(5, 3)), scale="channel")
    x = rng.normal(size=(4, 5)).astype("float32")
    for training in (False, True):
        outputs = kernel.apply(ops.matmul, x, output_axis=-1, training=training)
        np.testing.assert_allclose(outputs, x @ kernel.full().numpy(), atol=1e-5)
