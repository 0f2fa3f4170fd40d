import numpy as np
import pytest

from tfcompress.kernels.canonical_polyadic import CanonicalPolyadic


def test_the_weight_is_the_sum_of_outer_products(rng):
    kernel = CanonicalPolyadic(rank=2)
    kernel.build((3, 2, 4, 5))
    factors = [rng.normal(size=v.shape) for v in kernel.variables]
    for variable, value in zip(kernel.variables, factors, strict=True):
        variable.assign(value)
    a, b, c, d = factors
    expected = np.einsum("hr,wr,cr,ro->hwco", a, b, c, d)
    np.testing.assert_allclose(kernel.full(), expected, atol=1e-5)


def test_ratio_takes_the_highest_rank_that_holds_it():
    kernel = CanonicalPolyadic(ratio=0.25)
    kernel.build((3, 3, 16, 16))
    assert kernel.inner == 15  # 15 * 38 = 570 of 2304, 16 would be 608


def test_a_rank_that_does_not_pay_names_the_one_that_does():
    with pytest.raises(ValueError, match="highest rank that pays is 60"):
        CanonicalPolyadic(rank=61).build((3, 3, 16, 16))


@pytest.mark.parametrize("options", [{}, {"rank": 2, "ratio": 0.5}])
def test_exactly_one_of_rank_and_ratio(options):
    with pytest.raises(ValueError, match="and not both"):
        CanonicalPolyadic(**options)
