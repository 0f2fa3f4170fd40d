"""The handwritten digits that scikit-learn carries with it."""

import numpy as np

from tfcompress.datasets.dataset import Dataset


def digits() -> Dataset:
    """Returns 1797 digits of 8 x 8 pixels, with no download.

    Every fifth image of each class is a test image, so the split is stratified and
    the same everywhere. The same people wrote both parts: accuracies are a little
    better than they would be on new people's digits.

    Example:

    >>> digits()
    Dataset(digits: 1433 training and 364 test examples of 8 x 8 x 1, 10 classes)

    References:
        - [Alpaydin and Kaynak, 1998](https://doi.org/10.24432/C50P49)
    """
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    x = (images / 16).astype("float32").reshape(-1, 8, 8, 1)
    y = labels.astype("int32")
    test = np.zeros(len(y), bool)
    for label in range(10):
        test[np.flatnonzero(y == label)[::5]] = True
    return Dataset(
        x[~test], y[~test], x[test], y[test], tuple("0123456789"), name="digits"
    )
