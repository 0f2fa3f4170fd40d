import keras
import numpy as np
import pytest

from tfcompress.losses.feature_matching import FeatureMatching


def test_value_by_hand_is_the_mean_over_all_numbers_of_an_example():
    teacher = np.array([[[1.0, 2.0], [3.0, 4.0]], [[0, 0], [0, 0]]])
    student = np.array([[[2.0, 2.0], [3.0, 1.0]], [[0, 0], [0, 0]]])
    each = FeatureMatching(reduction=None)(teacher, student)
    np.testing.assert_allclose(each, [(1 + 9) / 8, 0])
    np.testing.assert_allclose(FeatureMatching()(teacher, student), 10 / 16)


def test_sample_weights_count_by_example(rng):
    teacher, student = rng.normal(size=(2, 3, 4, 5))
    each = FeatureMatching(reduction=None)(teacher, student)
    value = FeatureMatching()(teacher, student, np.array([0, 1, 3.0]))
    np.testing.assert_allclose(value, (each[1] + 3 * each[2]) / 3, rtol=1e-6)


@pytest.mark.parametrize("shape", [(2, 3), (2, 5, 4), (2, 4, 4, 1)])
def test_other_shapes_are_refused(shape):
    match = r"`student_features` must have the shape of the teacher's, \(2, 4, 4\)"
    with pytest.raises(ValueError, match=match):
        FeatureMatching()(np.ones((2, 4, 4)), np.ones(shape))


def test_serialized_loss_is_the_same():
    loss = FeatureMatching(reduction="sum", name="hint")
    copy = keras.losses.deserialize(keras.losses.serialize(loss))
    assert type(copy) is FeatureMatching
    assert copy.get_config() == loss.get_config()
