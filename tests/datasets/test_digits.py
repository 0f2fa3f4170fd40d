import numpy as np
import pytest
from sklearn.datasets import load_digits

from tfcompress.datasets.digits import digits


@pytest.fixture(scope="module")
def dataset():
    return digits()


def test_pixels_are_sixteenths_from_0_to_1(dataset):
    assert dataset.x_train.dtype == np.float32
    assert dataset.x_train.min() == 0
    assert dataset.x_train.max() == 1
    np.testing.assert_array_equal(dataset.x_test * 16 % 1, 0)


def test_each_image_is_in_one_part(dataset):
    images, _ = load_digits(return_X_y=True)
    parts = np.concatenate([dataset.x_train, dataset.x_test]).reshape(-1, 64) * 16

    assert sorted(map(tuple, parts)) == sorted(map(tuple, images))


def test_every_class_gives_a_fifth_of_its_images_to_the_test(dataset):
    train, test = (np.bincount(y) for y in (dataset.y_train, dataset.y_test))
    np.testing.assert_array_equal(test, -(-(train + test) // 5))  # rounded up


def test_labels_belong_to_their_images(dataset):
    images, labels = load_digits(return_X_y=True)
    label_of = dict(zip(map(tuple, images), labels, strict=True))

    tested = dataset.x_test.reshape(-1, 64) * 16

    np.testing.assert_array_equal(
        [label_of[tuple(image)] for image in tested], dataset.y_test
    )


def test_the_split_is_the_same_each_time(dataset):
    np.testing.assert_array_equal(dataset.x_test, digits().x_test)
