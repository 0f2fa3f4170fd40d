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


@pytest.mark.parametrize("name", DRAWS)
def test_numbers_are_of_their_distribution(name):
    draw, distribution = DRAWS[name]
    numbers = np.array(draw((10_000,), keras.random.SeedGenerator(0)))
    assert numbers.dtype == "float32"
    assert stats.kstest(numbers, distribution.cdf).pvalue > 0.01


@pytest.mark.parametrize("name", DRAWS)
def test_a_seed_gives_the_same_numbers_with_xla_and_new_ones_each_time(name):
    draw, _ = DRAWS[name]
    draws = []
    for jit in (False, True):
        seed = keras.random.SeedGenerator(3)
        step = tf.function(lambda seed=seed: draw((50,), seed), jit_compile=jit)
        draws.append([step().numpy(), step().numpy()])
    np.testing.assert_allclose(*draws, rtol=1e-4)
    assert (draws[0][0] != draws[0][1]).all()
