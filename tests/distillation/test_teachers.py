import keras
import numpy as np
import pytest
import tensorflow as tf

from tfcompress.distillation.teachers import Teachers


def make(activation=None, classes=3):
    layer = keras.layers.Dense(classes, activation)
    return keras.Sequential([keras.Input((4,)), layer])


def test_logits_of_several_are_averaged_as_logits(rng):
    x = rng.normal(size=(5, 4)).astype("float32")
    one, other = make(), make("softmax")
    teachers = Teachers([one, other])
    told = teachers.gives_logits("teacher_from_logits", None)

    logits = teachers.logits(x, told)

    assert told == [True, False]
    expected = (one(x) + np.log(other(x))) / 2
    np.testing.assert_allclose(logits, expected, atol=1e-5)


def test_outputs_of_several_are_averaged_as_they_are(rng):
    x = rng.normal(size=(5, 4)).astype("float32")
    one, other = make("sigmoid"), make("sigmoid")
    expected = (one(x) + other(x)) / 2
    np.testing.assert_allclose(Teachers([one, other]).mean(x), expected, atol=1e-6)


def test_an_answer_has_no_gradient():
    teacher, x = make(), tf.ones((2, 4))
    with tf.GradientTape() as tape:
        answer = Teachers(teacher).mean(x)
    assert tape.gradient(answer, teacher.layers[0].kernel.value) is None


def test_each_of_several_must_fit_the_student():
    with pytest.raises(ValueError, match=r"`teacher.outputs` must have the shape"):
        Teachers([make(), make(classes=4)]).check(make())


def test_weights_that_do_not_train_may_be_shared():
    student = make()
    student.trainable = False
    teacher = keras.Sequential([keras.Input((4,)), *student.layers])
    Teachers(teacher).check(student)


def test_models_that_are_not_trained_are_refused():
    with pytest.raises(ValueError, match="`teacher` must be built, and trained"):
        Teachers([make(), keras.Sequential([keras.layers.Dense(3)])])
