"""The arrays in a `.npz` file, which may be cut off, damaged or a stranger's."""

import numpy as np


def read_arrays(path) -> dict[str, np.ndarray]:
    """Returns the arrays in the file at `path`, by name.

    Raises:
        OSError: There is no such file.
        ValueError: It is none of arrays, it is not whole, or it holds Python objects,
            which could be code.
    """
    # Opened here: of a broken archive numpy would leave the file open.
    with open(path, "rb") as raw:
        try:
            with np.load(raw, allow_pickle=False) as found:
                return {name: found[name] for name in found.files}
        except Exception as cause:  # of zip, deflate, numpy: a dozen kinds
            raise ValueError(
                f"{path} is not a whole file of arrays: {cause}"
            ) from cause
