"""Single steps of a computation that run compiled, whatever the model does."""

import functools

import keras


def compiled(function, *shapes):
    """Returns `function` of tensors and sizes, compiled by XLA on TensorFlow.

    For looking up many rows and for sums of them by an index: TensorFlow's plain
    operations take several times as long. Not for what is written to a file.

    Args:
        function: Function of tensors, and of numbers that set sizes.
        shapes: Shapes of its tensors. Each has a function of its own: none is traced
            anew.

    Example:

    >>> total = compiled(keras.ops.segment_sum, (3,))
    >>> print(total(np.ones(3), np.array([0, 1, 1]), 2).numpy())
    [1. 2.]
    """
    return _compiled(function, *(tuple(shape) for shape in shapes))


@functools.cache
def _compiled(function, *shapes):
    if keras.backend.backend() != "tensorflow":
        return function
    import tensorflow as tf

    return tf.function(function, jit_compile=True)
