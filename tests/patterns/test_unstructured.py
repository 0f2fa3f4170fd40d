import numpy as np

from tfcompress.patterns.unstructured import Unstructured


def test_each_weight_is_its_own_group():
    scores = np.array([[1.0, 2.0], [3.0, 4.0]])

    np.testing.assert_array_equal(Unstructured().pool(scores), scores)
    np.testing.assert_array_equal(Unstructured().expand(scores > 2, (2, 2)), scores > 2)


def test_every_shape_is_accepted():
    Unstructured().check("kernel", (3, 5, 7))
