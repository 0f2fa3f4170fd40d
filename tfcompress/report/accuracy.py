"""The share of right answers of a model."""

import numpy as np

from tfcompress.report.predictions import Predictions, pair


def accuracy(model, data) -> float:
    """Returns the share of examples that `model` puts in the right class.

    The class is the greatest output; with one output, whether it is above 0.5.

    Args:
        model: Anything with a `predict` of Keras's kind.
        data: Pair `(x, y)`; `y` holds a class index for each example, or a one-hot row.

    Raises:
        ValueError: `data` is no such pair, or does not fit the outputs.
    """
    x, y = pair("data", data)
    predictions = Predictions.of(model, x)
    return float(np.mean(predictions.classes == predictions.labels(y)))
