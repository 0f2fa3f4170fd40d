"""A classifier for scikit-learn that selects its features by LassoNet."""

import numpy as np
from sklearn.base import ClassifierMixin

from tfcompress import _checks
from tfcompress.feature_selection.lasso_net_estimator import LassoNetEstimator


class LassoNetClassifier(ClassifierMixin, LassoNetEstimator):
    """Classifies by the few features that LassoNet's path leaves.

    A scikit-learn estimator and selector: `fit`, `predict`, `predict_proba`, `score`,
    `transform` and `get_support`, in pipelines too. Standardize the features before it.

    Args:
        features: Integer `>= 0`, how many features to go down to. The path may step
            over the number: then fewer are left.
        hidden_units: As all that follow, an argument of `tfcompress.lassonet_path`.

    Raises:
        ValueError: In `fit`, as `tfcompress.lassonet_path`.

    Example:

    >>> estimator = tfc.feature_selection.LassoNetClassifier(features=50)
    >>> estimator.get_params()["hierarchy"]
    10.0

    References:
        - [Lemhadri et al., 2021](https://arxiv.org/abs/1907.12207)
    """

    task = "classification"

    def predict(self, X):
        """Returns the likeliest class of each sample, as it was called in `fit`."""
        likeliest = np.argmax(self._outputs(X), axis=1)
        return self.classes_[likeliest]

    def predict_proba(self, X):
        """Returns the probability of each class, `(samples, classes)`."""
        logits = self._outputs(X).astype("float64")
        exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
        return exponents / exponents.sum(axis=1, keepdims=True)

    def _targets(self, y):
        y = np.asarray(y)
        if y.ndim != 1 or (y.dtype.kind == "f" and not np.isfinite(y).all()):
            rule = "hold one class for each sample"
            raise _checks.error("y", rule, f"{y.dtype} of shape {y.shape}")
        self.classes_, numbers = np.unique(y, return_inverse=True)
        return numbers
