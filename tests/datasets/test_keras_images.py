import numpy as np
import pytest

from tfcompress.datasets.keras_images import keras_images


def test_bytes_become_floats_from_0_to_1_with_a_channel_axis():
    images = np.array([[[0, 51], [102, 255]]], "uint8")
    labels = np.array([1], "uint8")

    loaded = keras_images(
        "tiny", lambda: ((images, labels), (images, labels)), "tiny.npz", "ab"
    )

    assert loaded.x_train.dtype == np.float32
    np.testing.assert_allclose(loaded.x_train[0, ..., 0], [[0, 0.2], [0.4, 1]])
    assert loaded.y_test.dtype == np.int32
    assert loaded.classes == ("a", "b")


def test_without_file_and_network_the_error_says_what_to_copy_where():
    def fails():
        raise Exception("URL fetch failure")

    with pytest.raises(
        OSError,
        match=r"tiny is not in the cache.*URL fetch.*copy \$KERAS_HOME/datasets/tiny",
    ):
        keras_images("tiny", fails, "$KERAS_HOME/datasets/tiny.npz", "ab")
