import keras
import numpy as np
import pytest
import tensorflow as tf

from tfcompress.losses.knowledge_distillation import KnowledgeDistillation


def loss_and_gradient(loss, teacher, student):
    student = tf.constant(student)
    with tf.GradientTape() as tape:
        tape.watch(student)
        value = loss(teacher, student)
    return float(value), tape.gradient(value, student).numpy()


def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)


def test_value_by_hand():
    # T = 2 softens odds of 9 : 1 to 3 : 1, and 1 : 1 to itself.
    teacher, student = np.array([[0.9, 0.1]]), np.array([[0.5, 0.5]])

    value = KnowledgeDistillation(2.0)(teacher, student)

    by_hand = 4 * (0.75 * np.log(0.75 / 0.5) + 0.25 * np.log(0.25 / 0.5))
    np.testing.assert_allclose(value, by_hand, rtol=1e-6)


def test_gradient_is_temperature_times_the_difference_of_softened_outputs(rng):
    teacher, student = rng.normal(size=(2, 1, 5))
    _, gradient = loss_and_gradient(
        KnowledgeDistillation(3.0, from_logits=True), teacher, student
    )
    expected = 3 * (softmax(student / 3) - softmax(teacher / 3))
    np.testing.assert_allclose(gradient, expected, atol=1e-6)


def test_gradient_is_that_of_hinton_s_cross_entropy(rng):
    teacher, student = rng.normal(size=(2, 4, 5)).astype("float32")
    temperature = 2.5

    def hinton(v, z):
        entropy = keras.losses.CategoricalCrossentropy(from_logits=True)
        return temperature**2 * entropy(softmax(v / temperature), z / temperature)

    ours = KnowledgeDistillation(temperature, from_logits=True)
    _, gradient = loss_and_gradient(ours, teacher, student)
    _, expected = loss_and_gradient(hinton, teacher, student)

    np.testing.assert_allclose(gradient, expected, atol=1e-6)


def test_value_is_hinton_s_cross_entropy_less_the_teacher_s_entropy():
    teacher, student = np.array([[2.0, 0.0, -2.0]]), np.array([[0.0, 1.0, 1.0]])
    p, q = softmax(teacher / 2), softmax(student / 2)
    cross_entropy, entropy = -np.sum(p * np.log(q)), -np.sum(p * np.log(p))
    value = KnowledgeDistillation(2.0, from_logits=True)(teacher, student)
    np.testing.assert_allclose(value, 4 * (cross_entropy - entropy), rtol=1e-6)


def test_size_of_the_gradient_does_not_depend_on_a_high_temperature(rng):
    teacher, student = rng.normal(size=(2, 4, 3))
    sizes = []
    for temperature in (20.0, 80.0, 320.0):
        loss = KnowledgeDistillation(temperature, from_logits=True, dtype="float64")
        _, gradient = loss_and_gradient(loss, teacher, student)
        sizes.append(np.linalg.norm(gradient))
    np.testing.assert_allclose(sizes, sizes[-1], rtol=0.05)


def test_at_high_temperature_centered_logits_are_matched(rng):
    teacher, student = rng.normal(size=(2, 1, 5))
    teacher, student = teacher - teacher.mean(), student - student.mean()
    loss = KnowledgeDistillation(1e3, from_logits=True, dtype="float64")

    value, gradient = loss_and_gradient(loss, teacher, student)

    np.testing.assert_allclose(gradient, (student - teacher) / 5, atol=1e-3)
    np.testing.assert_allclose(value, np.sum((student - teacher) ** 2) / 10, rtol=1e-2)


def test_is_zero_where_the_student_agrees_and_positive_elsewhere(rng):
    teacher, student = rng.normal(size=(2, 4, 5))
    loss = KnowledgeDistillation(4.0, from_logits=True, reduction=None)
    np.testing.assert_allclose(loss(teacher, teacher + 7.0), 0, atol=1e-5)
    assert (loss(teacher, student).numpy() > 0).all()


@pytest.mark.parametrize("student_gives_logits", [False, True])
@pytest.mark.parametrize("teacher_gives_logits", [False, True])
def test_probabilities_teach_as_their_logits_do(
    rng, student_gives_logits, teacher_gives_logits
):
    teacher, student = rng.normal(size=(2, 4, 5))
    loss = KnowledgeDistillation(
        4.0, from_logits=student_gives_logits, teacher_from_logits=teacher_gives_logits
    )
    value = loss(
        teacher if teacher_gives_logits else softmax(teacher),
        student if student_gives_logits else softmax(student),
    )
    expected = KnowledgeDistillation(4.0, from_logits=True)(teacher, student)
    np.testing.assert_allclose(value, expected, rtol=1e-5)


def test_small_probabilities_of_the_teacher_are_not_flattened():
    # Logits 20 apart: at T = 10 the odds are e**2, though the probability is 2e-9.
    teacher, student = softmax(np.array([[20.0, 0.0]])), np.array([[0.0, 0.0]])
    loss = KnowledgeDistillation(10.0, from_logits=True, teacher_from_logits=False)
    _, gradient = loss_and_gradient(loss, teacher, student)
    p = 1 / (1 + np.exp(-2))
    np.testing.assert_allclose(gradient, [[10 * (0.5 - p), 10 * (p - 0.5)]], rtol=1e-4)


def test_probabilities_of_zero_give_finite_loss_and_gradient():
    certain = np.array([[1.0, 0.0]], "float32")
    loss = KnowledgeDistillation(4.0)
    value, gradient = loss_and_gradient(loss, certain, certain[:, ::-1].copy())
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


def test_sample_weights_count_as_in_other_losses(rng):
    teacher, student = rng.normal(size=(2, 4, 5))
    weights = np.array([0.0, 1.0, 2.0, 0.5])
    each = KnowledgeDistillation(from_logits=True, reduction=None)(teacher, student)

    value = KnowledgeDistillation(from_logits=True)(teacher, student, weights)

    np.testing.assert_allclose(value, np.sum(weights * each) / 4, rtol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_outputs_are_compared_in_full(dtype):
    teacher = keras.ops.cast([[0.9, 0.1]], dtype)
    student = keras.ops.cast([[0.5, 0.5]], dtype)
    value = KnowledgeDistillation(2.0, dtype=dtype)(teacher, student)
    np.testing.assert_allclose(np.float32(value), 0.5232, rtol=2e-2)


def test_compiled_loss_teaches_from_stored_outputs(rng):
    x, teacher = rng.normal(size=(8, 4)), rng.normal(size=(8, 3))
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    loss = KnowledgeDistillation(from_logits=True)
    model.compile("sgd", loss)
    before = loss(teacher, model.predict(x, verbose=0))

    history = model.fit(x, teacher, epochs=2, verbose=0).history["loss"]

    np.testing.assert_allclose(history[0], before, rtol=1e-5)
    assert history[1] < history[0]


def test_serialized_loss_keeps_its_arguments():
    loss = KnowledgeDistillation(
        3.0, from_logits=False, teacher_from_logits=True, reduction="sum", name="soft"
    )

    copy = keras.losses.deserialize(keras.losses.serialize(loss))

    assert type(copy) is KnowledgeDistillation
    assert copy.get_config() == loss.get_config()


@pytest.mark.parametrize("temperature", [0, -1.0, float("nan"), float("inf"), "4"])
def test_temperature_must_be_a_positive_number(temperature):
    with pytest.raises(ValueError, match=r"`temperature` must be a number in \(0, inf"):
        KnowledgeDistillation(temperature)


@pytest.mark.parametrize("name", ["from_logits", "teacher_from_logits"])
def test_flags_must_be_boolean(name):
    with pytest.raises(TypeError, match=f"`{name}` must be True or False"):
        KnowledgeDistillation(**{name: "yes"})
