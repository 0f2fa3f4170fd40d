"""A regressor for scikit-learn that selects its features by LassoNet."""

from sklearn.base import RegressorMixin

from tfcompress.feature_selection.lasso_net_estimator import LassoNetEstimator


class LassoNetRegressor(RegressorMixin, LassoNetEstimator):
    """Predicts values by the few features that LassoNet's path leaves.

    A scikit-learn estimator and selector: `fit`, `predict`, `score` (R²), `transform`
    and `get_support`, in pipelines too. Standardize features and targets before it.

    Args:
        features: Integer `>= 0`, how many features to go down to. The path may step
            over the number: then fewer are left.
        hidden_units: As all that follow, an argument of `tfcompress.lassonet_path`.

    Raises:
        ValueError: In `fit`, as `tfcompress.lassonet_path`.

    Example:

    >>> estimator = tfc.feature_selection.LassoNetRegressor(features=50)
    >>> estimator.get_params()["hierarchy"]
    10.0

    References:
        - [Lemhadri et al., 2021](https://arxiv.org/abs/1907.12207)
    """

    task = "regression"

    def predict(self, X):
        """Returns the values, `(samples,)`, or `(samples, outputs)` if several."""
        values = self._outputs(X)
        return values[:, 0] if values.shape[1] == 1 else values
