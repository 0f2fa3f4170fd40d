import numpy as np

from tfcompress.surgery.channels import Channels


def test_the_same_numbers_are_not_the_same_tensor():
    ids = np.arange(3)
    assert Channels(1, ids) != Channels(1, ids)  # their values may differ
