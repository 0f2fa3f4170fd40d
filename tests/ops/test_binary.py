import keras
import numpy as np
import pytest
from keras import ops

from tfcompress.ops import binary


def test_sign_of_zero_is_plus_one():
    signs = binary.sign(ops.convert_to_tensor([-2.0, -0.0, 0.0, 1e-9]))
    assert signs.numpy().tolist() == [-1, 1, 1, 1]


def test_gradient_passes_as_through_the_identity():
    tf = pytest.importorskip("tensorflow")
    x = keras.Variable([-3.0, -0.5, 0.0, 2.0])
    with tf.GradientTape() as tape:
        total = ops.sum(binary.sign(x) * np.array([1.0, 2.0, 3.0, 4.0], "float32"))
    assert tape.gradient(total, x.value).numpy().tolist() == [1, 2, 3, 4]


def test_random_sign_has_the_mean_of_its_argument():
    x = np.repeat([[-1.0, -0.4, 0.0, 0.6, 1.0]], 20_000, axis=0).astype("float32")
    signs = binary.random_sign(ops.convert_to_tensor(x), keras.random.SeedGenerator(0))
    signs = signs.numpy()
    assert set(np.unique(signs)) == {-1.0, 1.0}
    # The deviation of the mean of 20000 signs is at most 0.007.
    np.testing.assert_allclose(signs.mean(axis=0), x[0], atol=0.03)
    assert (signs[:, -1] == 1).all()


def test_gradient_of_random_sign_passes_too():
    tf = pytest.importorskip("tensorflow")
    x = keras.Variable([-0.5, 0.5])
    with tf.GradientTape() as tape:
        total = ops.sum(binary.random_sign(x, keras.random.SeedGenerator(0)))
    assert tape.gradient(total, x.value).numpy().tolist() == [1, 1]


@pytest.mark.parametrize(
    ("estimator", "factors"),
    [
        ("identity", [1, 1, 1, 1]),
        ("clipped", [0, 1, 1, 1]),
        ("approximate", [0, 1, 2, 0]),
        # At 0: 5 * 2 / (1 + 1).
        ("swish", [0, -0.0846, 5, -0.195]),
    ],
)
def test_gradient_is_that_of_the_estimator(estimator, factors):
    tf = pytest.importorskip("tensorflow")
    x = tf.constant([-3.0, -0.5, 0.0, 1.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = binary.sign(x, estimator)
    np.testing.assert_array_equal(y, [-1, -1, 1, 1])
    np.testing.assert_allclose(tape.gradient(y, x), factors, atol=2e-3)
