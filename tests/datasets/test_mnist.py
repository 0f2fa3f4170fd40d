import os
import pathlib

import numpy as np
import pytest

from tfcompress.datasets.mnist import mnist

CACHE = pathlib.Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
FILE = CACHE / "datasets" / "mnist.npz"


@pytest.mark.skipif(not FILE.exists(), reason=f"no {FILE}, and tests download nothing")
def test_classes_have_the_sizes_its_authors_give():
    data = mnist()

    assert data.x_train.shape == (60000, 28, 28, 1)
    assert data.x_test.max() == 1
    assert np.bincount(data.y_test).tolist() == [
        *(980, 1135, 1032, 1010, 982),
        *(892, 958, 1028, 974, 1009),
    ]
