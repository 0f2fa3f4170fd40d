import os
import pathlib

import numpy as np
import pytest

from tfcompress.datasets.fashion_mnist import fashion_mnist

CACHE = pathlib.Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
FILE = CACHE / "datasets" / "fashion-mnist" / "t10k-images-idx3-ubyte.gz"


@pytest.mark.skipif(not FILE.exists(), reason=f"no {FILE}, and tests download nothing")
def test_each_class_has_6000_training_and_1000_test_images():
    data = fashion_mnist()

    assert np.bincount(data.y_train).tolist() == [6000] * 10
    assert np.bincount(data.y_test).tolist() == [1000] * 10
    assert len(data.classes) == 10
    assert data.x_train.shape == (60000, 28, 28, 1)
