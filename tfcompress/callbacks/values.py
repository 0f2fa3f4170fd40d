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


def magnitudes(variable) -> np.ndarray:
    """Returns the sizes of the values of `variable`, in float32 or wider.

    Example:

    >>> magnitudes(keras.Variable([1.0, -2.0], dtype="bfloat16"))
    array([1., 2.], dtype=float32)
    """
    found = values(variable)
    # numpy does not sort bfloat16.
    wide = np.promote_types(found.dtype, "float32")
    return np.abs(found.astype(wide, copy=False))
