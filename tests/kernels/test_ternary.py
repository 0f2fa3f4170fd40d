import itertools

import numpy as np
import pytest
from keras import ops

from tfcompress.kernels.ternary import Ternary


def _built(array, **options):
    kernel = Ternary(**options)
    kernel.build(np.shape(array))
    kernel.encode(array)
    return kernel


def test_scale_is_the_least_squares_optimum_for_its_signs(rng):
    array = rng.normal(size=(30, 3)).astype("float32")
    full = _built(array).full().numpy()
    best = ((full - array) ** 2).sum(axis=0)
    for factor in (0.9, 0.99, 1.01, 1.1):
        assert (((factor * full - array) ** 2).sum(axis=0) > best).all()


def test_threshold_is_near_the_best_of_all_ternary_weights(rng):
    array = rng.normal(size=(8, 1)).astype("float32")
    full = _built(array).full().numpy()
    best = 1e9
    for signs in itertools.product((-1, 0, 1), repeat=8):
        signs = np.array(signs)
        scale = signs @ array[:, 0] / max(signs @ signs, 1)
        best = min(best, ((scale * signs - array[:, 0]) ** 2).sum())
    assert ((full - array) ** 2).sum() <= 1.3 * best


def test_zeros_stay_zero(rng):
    array = rng.normal(size=(30, 3))
    array[::2] = 0
    assert (_built(array).full().numpy()[::2] == 0).all()
    assert (_built(np.zeros((4, 2))).full().numpy() == 0).all()


def test_gradient_passes_as_through_the_identity():
    tf = pytest.importorskip("tensorflow")
    kernel = _built([[1.0], [0.1]])
    with tf.GradientTape() as tape:
        loss = ops.sum(kernel.full() * np.array([[1.0], [10.0]]))
    np.testing.assert_allclose(tape.gradient(loss, kernel.latent.value), [[1], [10]])


@pytest.mark.parametrize("per_channel", [True, False])
def test_codes_times_scale_are_the_weight(per_channel, rng):
    kernel = _built(rng.normal(size=(3, 3, 2, 4)), per_channel=per_channel)
    codes = kernel.codes()
    assert set(np.unique(codes.values)) == {-1, 0, 1}
    np.testing.assert_allclose(codes.values * codes.scale, kernel.full(), rtol=1e-6)
    assert kernel.stored_bits() == 2 * 72 + 32 * (4 if per_channel else 1)


def test_negative_threshold_is_refused():
    with pytest.raises(ValueError, match="`threshold` must be a number in"):
        Ternary(threshold=-0.1)


def test_config_round_trip():
    kernel = Ternary(threshold=0.5, per_channel=False)
    assert Ternary.from_config(kernel.get_config()).get_config() == kernel.get_config()
