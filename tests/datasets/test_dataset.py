import dataclasses

import numpy as np
import pytest

from tfcompress.datasets.dataset import Dataset


@pytest.fixture
def dataset():
    x, y = np.zeros((3, 2, 2, 1), "float32"), np.zeros(3, "int32")
    return Dataset(x, y, x[:1], y[:1], ("a", "b"), name="tiny")


def test_text_gives_the_sizes_and_no_pixels(dataset):
    assert repr(dataset) == (
        "Dataset(tiny: 3 training and 1 test examples of 2 x 2 x 1, 2 classes)"
    )


def test_parts_cannot_be_replaced(dataset):
    with pytest.raises(dataclasses.FrozenInstanceError):
        dataset.x_train = None
