import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from tfcompress.ops import noise

DRAWS = {
    "uniform": (noise.uniform, stats.uniform),
    "normal": (noise.normal, stats.norm),
}


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("name", DRAWS)
def test_numbers_are_of_their_distribution_and_new_each_time(name, jit):
    draw, distribution = DRAWS[name]
    seed = keras.random.SeedGenerator(0)
    step = tf.function(lambda: draw((10_000,), seed), jit_compile=jit)
    first, second = step().numpy(), step().numpy()
    assert first.dtype == "float32"
    assert stats.kstest(first, distribution.cdf).pvalue > 0.01
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.04


@pytest.mark.parametrize("name", DRAWS)
def test_a_seed_gives_the_same_numbers_again(name):
    draw, _ = DRAWS[name]
    first, second = (draw((50,), keras.random.SeedGenerator(3)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
