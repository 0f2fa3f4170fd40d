"""The weights of a model, refused where one is not a number."""

import numpy as np
from keras import ops

from tfcompress import _checks


def check_finite(name: str, model) -> None:
    """Raises unless the weights of a model are finite.

    Where weights are compared, sorted or multiplied into each other, one that is not
    would spoil others, and nobody would hear of it.

    Args:
        name: What the user calls the model.
        model: A built model, or a layer.
    """
    for variable in model.weights:
        if not np.isfinite(ops.convert_to_numpy(variable)).all():
            rule = f"have finite weights, and {variable.path!r} is not"
            remedy = "Training it may have diverged."
            raise _checks.error(name, rule, model.name, remedy=remedy)
