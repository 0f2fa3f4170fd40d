import keras
import numpy as np

from tfcompress.datasets.load import load


def test_colours_and_columns_of_labels_come_as_other_sets_have_them(monkeypatch):
    images = np.full((2, 32, 32, 3), 51, "uint8")
    labels = np.array([[3], [9]], "uint8")
    parts = (images, labels), (images[:1], labels[:1])
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", lambda: parts)

    data = load("cifar10")

    assert data.x_train.shape == (2, 32, 32, 3)
    np.testing.assert_allclose(data.x_train, 0.2)
    np.testing.assert_array_equal(data.y_train, [3, 9])
    assert [data.classes[label] for label in data.y_test] == ["cat"]
