import keras
import numpy as np
import pytest
import tensorflow as tf

from tfcompress.losses.attention_transfer import AttentionTransfer


def test_value_by_hand():
    # Energies 9 and 16 at two positions against 25 and 0: the cosine is 9 / sqrt(337).
    teacher, student = [[[3.0, 0.0], [0.0, 4.0]]], [[[5.0], [0.0]]]
    value = AttentionTransfer()(np.array(teacher), np.array(student))
    np.testing.assert_allclose(value, 2 - 2 * 9 / np.sqrt(337), rtol=1e-5)


def test_only_the_distribution_over_positions_counts(rng):
    teacher = rng.normal(size=(2, 4, 4, 3))
    student = -7 * teacher[..., ::-1]
    np.testing.assert_allclose(AttentionTransfer()(teacher, student), 0, atol=1e-6)


def test_widths_may_differ(rng):
    value = AttentionTransfer()(rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5, 9)))
    assert 0 < float(value) < 2


def test_a_map_of_zeros_has_a_finite_loss_and_gradient():
    student = tf.zeros((1, 4, 2))
    with tf.GradientTape() as tape:
        tape.watch(student)
        value = AttentionTransfer()(np.ones((1, 4, 2)), student)
    np.testing.assert_allclose(value, 1, rtol=1e-6)
    np.testing.assert_array_equal(tape.gradient(value, student), 0)


def test_features_without_positions_are_refused():
    with pytest.raises(ValueError, match="`features` must have positions between"):
        AttentionTransfer()(np.ones((2, 3)), np.ones((2, 3)))


def test_other_positions_are_refused():
    match = r"`student_features` must have the positions of the teacher's, \(4,\)"
    with pytest.raises(ValueError, match=match):
        AttentionTransfer()(np.ones((2, 4, 3)), np.ones((2, 5, 3)))


def test_serialized_loss_is_the_same():
    loss = AttentionTransfer(name="at")
    copy = keras.losses.deserialize(keras.losses.serialize(loss))
    assert type(copy) is AttentionTransfer
    assert copy.get_config() == loss.get_config()
