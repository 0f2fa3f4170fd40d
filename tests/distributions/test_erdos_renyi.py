import math
import types

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tfcompress.distributions.erdos_renyi import ErdosRenyi


def sparsities(shapes, final):
    variables = [types.SimpleNamespace(shape=shape) for shape in shapes]
    return ErdosRenyi().sparsities(None, variables, final)


def test_densities_are_as_the_sum_of_the_axes_to_their_product():
    first, second = sparsities([(100, 100), (10, 100)], 0.9)

    # 200 / 10000 against 110 / 1000.
    assert (1 - second) / (1 - first) == pytest.approx(5.5)


def test_weight_that_would_be_more_than_whole_is_whole():
    # 1002 of 10020 are to be kept: all 20 of the small one, and 982 of the other.
    assert sparsities([(4, 5), (100, 100)], 0.9) == [0, pytest.approx(0.9018)]


def test_a_single_weight_has_the_whole_sparsity():
    assert sparsities([(3, 3, 16, 32)], 0.8) == [pytest.approx(0.8)]


def test_no_sparsity_is_none_for_all():
    assert sparsities([(4, 5), (100, 100)], 0.0) == [0, 0]


@settings(max_examples=100, deadline=None)
@given(
    shapes=st.lists(
        st.lists(st.integers(1, 50), min_size=2, max_size=4), min_size=1, max_size=6
    ),
    final=st.floats(0, 0.99),
)
def test_total_is_exact_and_each_is_a_share(shapes, final):
    found = sparsities(shapes, final)

    sizes = [math.prod(shape) for shape in shapes]
    assert all(-1e-9 <= one < 1 for one in found)
    assert np.dot(found, sizes) == pytest.approx(final * sum(sizes), abs=1e-6)
