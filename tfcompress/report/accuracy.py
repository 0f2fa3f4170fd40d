"""The share of right answers of a model."""

import numpy as np

from tfcompress import _checks


def accuracy(model, data) -> float:
    """Returns the share of examples that `model` puts in the right class.

    The class is the greatest output; with one output, whether it is above 0.5.

    Args:
        model: Anything with a `predict` of Keras's kind.
        data: Pair `(x, y)`; `y` holds a class index for each example, or a one-hot row.

    Raises:
        ValueError: `data` is no such pair, or does not fit the outputs.
    """
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        raise _checks.error("data", "be a pair (x, y)", type(data).__name__)
    x, y = data
    y = np.asarray(y)
    outputs = np.asarray(model.predict(x, verbose=0))
    if outputs.ndim != 2:
        rule = "belong to a model with one row of outputs for each example"
        raise _checks.error("data", rule, outputs.shape)
    one_hot = y.ndim == 2 and y.shape[1] == outputs.shape[1] > 1
    labels = y.argmax(-1) if one_hot else y.reshape(-1)
    if not len(labels) or len(labels) != len(outputs):
        rule = f"have one label for each of the {len(outputs)} examples"
        raise _checks.error("data", rule, y.shape)
    single = outputs.shape[1] == 1
    classes = outputs[:, 0] > 0.5 if single else outputs.argmax(-1)
    return float(np.mean(classes == labels))
