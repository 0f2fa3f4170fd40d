"""A look at a variable without a copy of it."""

import numpy as np
from keras import ops


def values(variable) -> np.ndarray:
    """Returns the values of `variable`, not to be written to.

    Where the backend allows it they are those in the variable's memory: what is read
    from them has to be taken before the variable changes.

    Example:

    >>> values(keras.Variable([1.0, 2.0])).tolist()
    [1.0, 2.0]
    """
    tensor = ops.convert_to_tensor(variable)
    if hasattr(tensor, "detach"):  # PyTorch
        return ops.convert_to_numpy(tensor)
    return np.asarray(tensor)
