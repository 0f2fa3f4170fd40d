import keras
import numpy as np
import tensorflow as tf

from tfcompress.losses.relational_distance import RelationalDistance


def test_value_by_hand():
    # Distances 1, 2, 3 over their mean 2, against 1, 1, 2 over 4/3.
    teacher, student = np.array([[0.0], [1.0], [3.0]]), np.array([[0.0], [1.0], [2.0]])
    pairs = {(0, 1): 0.5 - 0.75, (1, 2): 1.0 - 0.75, (0, 2): 1.5 - 1.5}
    each = [
        sum(d**2 / 2 for pair, d in pairs.items() if i in pair) / 2 for i in range(3)
    ]

    values = RelationalDistance(reduction=None)(teacher, student)

    np.testing.assert_allclose(values, each, rtol=1e-4)


def test_large_differences_count_linearly():
    # One pair of ten is everything: 0 against 10 on the teacher's side, equal here.
    teacher = np.zeros((5, 1))
    teacher[0] = 1.0
    student = np.eye(5)
    # Teacher: 4 pairs of 10 at 2.5 times the mean, the others at 0; student: all at 1.
    near, far = 1 - 0.5, 1.5 - 0.5
    expected = (4 * far + 6 * near) / 10
    value = RelationalDistance()(teacher, student)
    np.testing.assert_allclose(value, expected, rtol=1e-4)


def test_turned_moved_and_scaled_features_are_the_same(rng):
    teacher = rng.normal(size=(6, 3))
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    value = RelationalDistance()(teacher, 5 * teacher @ turn + 2)
    np.testing.assert_allclose(value, 0, atol=1e-6)


def test_equal_examples_give_a_finite_gradient(rng):
    student = tf.constant(np.float32([[1, 2], [1, 2], [0, 1]]))
    with tf.GradientTape() as tape:
        tape.watch(student)
        value = RelationalDistance()(rng.normal(size=(3, 4)), student)
    assert np.isfinite(tape.gradient(value, student).numpy()).all()


def test_a_batch_of_one_or_of_equals_teaches_nothing():
    one = np.ones((1, 3))
    np.testing.assert_array_equal(RelationalDistance()(one, 2 * one), 0)
    equal = np.ones((4, 3), "float32")
    assert np.isfinite(float(RelationalDistance()(equal, 2 * equal)))


def test_maps_are_taken_as_vectors(rng):
    teacher, student = rng.normal(size=(2, 4, 3, 2))
    loss = RelationalDistance()
    flat = loss(teacher.reshape(4, 6), student.reshape(4, 6))
    np.testing.assert_allclose(loss(teacher, student), flat, rtol=1e-6)


def test_serialized_loss_is_the_same():
    loss = RelationalDistance(name="rkd")
    copy = keras.losses.deserialize(keras.losses.serialize(loss))
    assert type(copy) is RelationalDistance
    assert copy.get_config() == loss.get_config()
