import numpy as np
import pytest

from tfcompress.dictionaries.gaussian import Gaussian
from tfcompress.dictionaries.grid import subset
from tfcompress.dictionaries.kernel_ridge import KernelRidge


def test_it_predicts_what_scikit_learn_predicts(rng):
    from sklearn.kernel_ridge import KernelRidge as Reference

    rule = KernelRidge(grid=(6, 5), scale=2.0, ridge=0.1, seed=2)
    pixels = np.stack(np.unravel_index(np.arange(30), (6, 5)), axis=1)
    observed = subset(30, 8, 2)
    weight = rng.normal(size=(8, 3))
    reference = Reference(alpha=0.1, kernel="rbf", gamma=0.5 / 2.0**2)
    predicted = reference.fit(pixels[observed], weight).predict(pixels)
    np.testing.assert_allclose(rule.atoms((30,), 8) @ weight, predicted, atol=1e-5)


def test_it_spans_what_the_bumps_span():
    ridge = KernelRidge(grid=(6, 5), seed=2).atoms((30,), 8)
    bumps = Gaussian(grid=(6, 5), seed=2).atoms((30,), 8)
    assert np.linalg.matrix_rank(np.hstack([ridge, bumps]), tol=1e-4) == 8


def test_the_ridge_must_be_positive():
    with pytest.raises(ValueError, match="`ridge` must be a number in"):
        KernelRidge(ridge=0)
