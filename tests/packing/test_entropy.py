import numpy as np
import pytest

from tfcompress.packing.entropy import entropy_bound


def test_by_hand():
    # Four of eight are not zero: 8 bits say which; two of each value: 4 bits; 2 x 4 bytes.
    bits = np.uint32([0, 1, 2, 0, 1, 0, 2, 0])
    assert entropy_bound(bits) == pytest.approx(8 / 8 + 4 / 8 + 8)


def test_zeros_and_nothing_cost_nothing():
    assert entropy_bound(np.zeros(100, "u4")) == 0
    assert entropy_bound(np.zeros(0, "u4")) == 0


def test_it_is_never_more_than_the_weights_are(rng):
    assert entropy_bound(rng.integers(1, 2**32, 50, dtype="u4")) == 200
