"""What the estimators that select features by LassoNet share."""

import inspect

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.feature_selection import SelectorMixin
from sklearn.utils.validation import check_is_fitted

from tfcompress.feature_selection.lassonet_path import lassonet_path
from tfcompress.feature_selection.training_data import finite_features


class LassoNetEstimator(SelectorMixin, BaseEstimator):
    """Follows LassoNet's path down to a number of features, and predicts with those.

    The arguments are those of `tfcompress.lassonet_path`. After `fit`:

    Attributes:
        path_: The `LassoNetPath`.
        model_: The Keras model of its last point.
        selected_features_: Indices of the features that are left.
        feature_importances_: The strength at which each feature left.
        n_features_in_: Number of features of the data.
    """

    task = None

    def __init__(
        self,
        features=10,
        *,
        hidden_units=(100,),
        hierarchy=10.0,
        start=None,
        multiplier=1.02,
        validation_split=0.125,
        batch_size=256,
        epochs=(1000, 100),
        patience=(100, 10),
        tolerance=0.01,
        learning_rate=1e-3,
        seed=0,
        verbose=0,
    ):
        self.features = features
        self.hidden_units = hidden_units
        self.hierarchy = hierarchy
        self.start = start
        self.multiplier = multiplier
        self.validation_split = validation_split
        self.batch_size = batch_size
        self.epochs = epochs
        self.patience = patience
        self.tolerance = tolerance
        self.learning_rate = learning_rate
        self.seed = seed
        self.verbose = verbose

    def fit(self, X, y):  # the names that scikit-learn's users know
        """Follows the path on `X` and `y`; returns the estimator."""
        finite_features(X, "X")
        names = inspect.signature(LassoNetEstimator).parameters
        options = {name: getattr(self, name) for name in names}
        self.path_ = lassonet_path(X, self._targets(y), task=self.task, **options)
        self.model_ = self.path_.model
        self.selected_features_ = self.path_.points[-1].selected
        self.feature_importances_ = self.path_.importances
        self.n_features_in_ = len(self.feature_importances_)
        return self

    def _targets(self, y):
        return np.asarray(y)

    def _outputs(self, X):
        check_is_fitted(self)
        x = finite_features(X, "X")
        if x.shape[1] != self.n_features_in_:
            raise ValueError(
                f"`X` must have the {self.n_features_in_} features of the data that "
                f"the estimator was fitted to. Received: {x.shape[1]}"
            )
        return self.model_.predict(x[:, self.path_.columns], verbose=0)

    def _get_support_mask(self):
        check_is_fitted(self)
        mask = np.zeros(self.n_features_in_, bool)
        mask[self.selected_features_] = True
        return mask
