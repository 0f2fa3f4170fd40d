import numpy as np
import pytest
from keras import ops

from tfcompress.ops.shared_values import look_up


@pytest.mark.parametrize("length", [1, 2, 3])
def test_words_spell_values_and_pass_gradients(length, rng):
    tf = pytest.importorskip("tensorflow")
    values = tf.constant(rng.normal(size=4).astype("float32"))
    index = rng.integers(4, size=(9, length))
    words = index @ 4 ** np.arange(length - 1, -1, -1)
    upstream = rng.normal(size=9 * length).astype("float32")
    with tf.GradientTape() as tape:
        tape.watch(values)
        y = look_up(values, ops.array(words, "int32"), length)
        loss = ops.sum(y * upstream)
    np.testing.assert_array_equal(y, values.numpy()[index.ravel()])
    expected = np.bincount(index.ravel(), upstream, 4)
    np.testing.assert_allclose(tape.gradient(loss, values), expected, atol=1e-5)
