"""Random numbers for a training step, as fast under XLA as without it."""

import keras

SMALLEST = 1e-6


def uniform(shape, seed):
    """Returns float32 numbers, uniform in (0, 1); `seed` is a `SeedGenerator`."""
    bounds = {"minval": SMALLEST, "maxval": 1 - SMALLEST}
    if keras.backend.backend() != "tensorflow":
        return keras.random.uniform(shape, **bounds, dtype="float32", seed=seed)
    return _stateless().stateless_uniform(shape, seed.next(), **bounds, alg="philox")


def normal(shape, seed):
    """Returns float32 numbers of mean 0 and variance 1; `seed` is a `SeedGenerator`."""
    if keras.backend.backend() != "tensorflow":
        return keras.random.normal(shape, dtype="float32", seed=seed)
    return _stateless().stateless_normal(shape, seed.next(), alg="philox")


def _stateless():
    # Keras leaves the algorithm to TensorFlow, whose choice for XLA on a CPU takes a
    # hundred times as long as the one without XLA.
    import tensorflow as tf

    return tf.random
