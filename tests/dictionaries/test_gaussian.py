import numpy as np
import pytest

from tfcompress.dictionaries.gaussian import Gaussian
from tfcompress.dictionaries.grid import subset


def test_entry_is_the_kernel_of_two_pixels():
    rule = Gaussian(grid=(4, 5), scale=1.5, seed=2)
    atoms = rule.atoms((20,), 3)
    p = subset(20, 3, 2)[1]
    expected = np.exp(-0.5 * ((3 - p // 5) ** 2 + (1 - p % 5) ** 2) / 1.5**2)
    assert atoms[3 * 5 + 1, 1] == pytest.approx(expected)


def test_channels_do_not_mix():
    atoms = Gaussian(seed=1).atoms((3, 3, 2), 18).reshape(9, 2, 18)
    assert ((atoms[:, 0] > 0) ^ (atoms[:, 1] > 0)).all()


def test_scale_must_be_positive():
    with pytest.raises(ValueError, match="`scale` must be a number in"):
        Gaussian(scale=0)
