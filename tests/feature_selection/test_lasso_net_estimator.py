import inspect

import numpy as np
from sklearn.base import clone

from tfcompress.feature_selection.lasso_net_estimator import LassoNetEstimator
from tfcompress.feature_selection.lassonet_path import lassonet_path


def test_arguments_are_those_of_the_path():
    path = inspect.signature(lassonet_path).parameters
    own = inspect.signature(LassoNetEstimator).parameters
    assert set(own) == set(path) - {"x", "y", "task"}
    others = [name for name in own if name != "features"]
    assert [own[n].default for n in others] == [path[n].default for n in others]


def test_clone_has_the_same_arguments():
    estimator = LassoNetEstimator(3, hierarchy=2.0)
    assert clone(estimator).get_params() == estimator.get_params()


def test_transform_keeps_the_columns_that_are_left(rng):
    class Regressor(LassoNetEstimator):
        task = "regression"

    estimator = Regressor(
        3, hidden_units=(2,), epochs=(1, 1), multiplier=9.0, learning_rate=0.01
    )
    x = rng.normal(size=(20, 3))
    estimator.fit(x, x[:, 0])
    kept = estimator.selected_features_
    np.testing.assert_array_equal(estimator.transform(x), x[:, kept])
    assert estimator.get_support().sum() == len(kept)
