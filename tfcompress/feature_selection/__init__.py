"""Which features a model needs: LassoNet's path, and its face for scikit-learn."""

from tfcompress.feature_selection.lasso_net_classifier import LassoNetClassifier
from tfcompress.feature_selection.lasso_net_regressor import LassoNetRegressor
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
