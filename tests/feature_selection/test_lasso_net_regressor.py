import numpy as np

from tfcompress.feature_selection.lasso_net_regressor import LassoNetRegressor


def test_values_have_the_shape_of_those_that_were_given(rng):
    x = rng.normal(size=(40, 3))
    quick = {"hidden_units": (2,), "epochs": (1, 1), "multiplier": 9.0}
    one = LassoNetRegressor(3, **quick).fit(x, x[:, 0])
    two = LassoNetRegressor(3, **quick).fit(x, x[:, :2])
    assert one.predict(x).shape == (40,)
    assert two.predict(x).shape == (40, 2)
    assert np.isfinite(one.score(x, x[:, 0]))
