"""Which features a model needs: LassoNet's path, and its face for scikit-learn."""

from tfcompress.feature_selection.lassonet_path import (
    LassoNetPath,
    PathPoint,
    lassonet_path,
)

__all__ = [
    "LassoNetClassifier",
    "LassoNetPath",
    "LassoNetRegressor",
    "PathPoint",
    "lassonet_path",
]


def __getattr__(name):
    # Only who asks for an estimator waits for scikit-learn to load.
    if name == "LassoNetClassifier":
        from tfcompress.feature_selection.lasso_net_classifier import LassoNetClassifier

        return LassoNetClassifier
    if name == "LassoNetRegressor":
        from tfcompress.feature_selection.lasso_net_regressor import LassoNetRegressor

        return LassoNetRegressor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
