"""The share of right answers of a model."""

import keras
import numpy as np

from tfcompress.examples import examples, pair
from tfcompress.report.predictions import Predictions


def accuracy(model, data, name: str = "data") -> float:
    """Returns the share of examples that `model` puts in the right class.

    The class is the greatest output; with one output, whether it is above 0.5.

    Args:
        model: Anything with a `predict` of Keras's kind.
        data: Pair `(x, y)`; `y` holds a class index for each example, or a one-hot row.
        name: What the user calls it.

    Raises:
        ValueError: `data` is no such pair, or does not fit the model, which gives
            something that is not finite.
    """
    x, y = pair(name, data)
    if isinstance(model, keras.Model):
        x = examples(name, x, model)
    predictions = Predictions.of(model, x, name)
    return float(np.mean(predictions.classes == predictions.labels(y, name)))
