import keras
import numpy as np
import pytest
import tensorflow as tf

from tfcompress.losses.knowledge_distillation import KnowledgeDistillation
from tfcompress.losses.logit_mimic import LogitMimic


def loss_and_gradient(loss, teacher, student):
    student = tf.constant(student)
    with tf.GradientTape() as tape:
        tape.watch(student)
        value = loss(teacher, student)
    return float(value), tape.gradient(value, student).numpy()


def test_value_and_gradient_by_hand():
    # Centered, the teacher says 2, -1, -1 and the student 0, 1, -1.
    teacher, student = np.array([[3.0, 0.0, 0.0]]), np.array([[5.0, 6.0, 4.0]])

    value, gradient = loss_and_gradient(LogitMimic(), teacher, student)

    np.testing.assert_allclose(value, (4 + 4 + 0) / 6)
    np.testing.assert_allclose(gradient, [[-2 / 3, 2 / 3, 0]], atol=1e-7)


def test_is_knowledge_distillation_at_infinite_temperature(rng):
    teacher, student = rng.normal(size=(2, 4, 3))
    hot = KnowledgeDistillation(1e4, from_logits=True, dtype="float64")

    value, gradient = loss_and_gradient(LogitMimic(dtype="float64"), teacher, student)

    expected, direction = loss_and_gradient(hot, teacher, student)
    np.testing.assert_allclose(value, expected, rtol=1e-3)
    np.testing.assert_allclose(gradient, direction, atol=1e-4)


def test_probabilities_are_matched_as_their_logits_are(rng):
    teacher, student = rng.normal(size=(2, 4, 3))
    probabilities = [keras.ops.softmax(side) for side in (teacher, student)]
    value = LogitMimic(from_logits=False)(*probabilities)
    np.testing.assert_allclose(value, LogitMimic()(teacher, student), rtol=1e-5)


def test_sample_weights_count_as_in_other_losses(rng):
    teacher, student = rng.normal(size=(2, 4, 3))
    weights = np.array([0.0, 1.0, 2.0, 0.5])
    each = LogitMimic(reduction=None)(teacher, student)
    value = LogitMimic()(teacher, student, weights)
    np.testing.assert_allclose(value, np.sum(weights * each) / 4, rtol=1e-6)


def test_half_precision_is_compared_in_full():
    value = LogitMimic()(
        np.float32([[300.0, 0]]), keras.ops.cast([[0, 300.0]], "float16")
    )
    np.testing.assert_allclose(value, 300**2 / 2)


def test_serialized_loss_keeps_its_arguments():
    loss = LogitMimic(from_logits=False, teacher_from_logits=True, name="mimic")
    copy = keras.losses.deserialize(keras.losses.serialize(loss))
    assert type(copy) is LogitMimic
    assert copy.get_config() == loss.get_config()


def test_a_value_that_is_no_flag_is_refused():
    with pytest.raises(TypeError, match="`from_logits` must be True or False"):
        LogitMimic(from_logits=3.0)
