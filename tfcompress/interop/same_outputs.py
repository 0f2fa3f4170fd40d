"""The proof that a model computes the same in both Kerases."""

import numpy as np

from tfcompress import _checks
from tfcompress.interop.probe import outputs

TOLERANCE = 1e-5


def greatest_error(model, legacy, batch, tolerance=TOLERANCE) -> float:
    """Returns how far the outputs of `model` are from those of the legacy model.

    Args:
        model: A Keras 3 model.
        legacy: A `LegacyKeras` that has its model.
        batch: An array for each input.
        tolerance: The greatest difference that is taken for rounding, as a share of
            the greatest output, or of 1 if that is less.

    Raises:
        ValueError: It is greater.
    """
    ours, theirs = outputs(model, batch), legacy.predict(batch)
    pairs = zip(ours, theirs, strict=True)
    error = max(float(np.abs(a - b).max(initial=0)) for a, b in pairs)
    size = max([1.0, *(float(np.abs(one).max(initial=0)) for one in theirs)])
    if not error <= tolerance * size:
        rule = (
            f"have equal outputs in Keras 3 and legacy Keras, to {tolerance * size:g}"
        )
        remedy = f"They differ by {error:g}: a layer computes otherwise there."
        raise _checks.error("model", rule, model.name, remedy=remedy)
    return error
