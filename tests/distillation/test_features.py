import keras
import numpy as np
import pytest
import tensorflow as tf

from tfcompress.distillation.features import Features
from tfcompress.losses.feature_matching import FeatureMatching


def make(*widths):
    layers = [
        keras.layers.Dense(width, name=f"d{place}")
        for place, width in enumerate(widths)
    ]
    model = keras.Sequential([keras.Input((4,)), *layers])
    model.compile(keras.optimizers.SGD(0.5))
    return model


@pytest.fixture
def x(rng):
    return rng.normal(size=(6, 4)).astype("float32")


def test_mean_over_the_pairs_of_one_forward_pass(x):
    student, teacher = make(5, 3), make(5, 3)
    features = Features(student, teacher, {"d0": "d0", "d1": "d1"}, FeatureMatching())
    features.open()
    z, v = student(x), teacher(x)

    value = features(None)

    features.close()
    h, u = student.get_layer("d0")(x), teacher.get_layer("d0")(x)
    expected = (np.mean((h - u) ** 2) + np.mean((z - v) ** 2)) / 4
    np.testing.assert_allclose(value, expected, rtol=1e-5)


def test_adapters_take_a_step_of_the_student_s_optimizer(x):
    student, teacher = make(5, 3), make(7, 3)
    features = Features(student, teacher, {"d0": "d0"}, FeatureMatching())
    [adapter] = features.adapters
    kernel = adapter.kernel.numpy()
    h, u = student.get_layer("d0")(x).numpy(), teacher.get_layer("d0")(x).numpy()
    features.open()
    student(x), teacher(x)

    features(None)

    features.close()
    gradient = h.T @ (h @ kernel - u) / (6 * 7)
    np.testing.assert_allclose(adapter.kernel, kernel - 0.5 * gradient, atol=1e-5)


def test_the_teacher_s_side_has_no_gradient(x):
    student, teacher = make(5, 3), make(5, 3)
    features = Features(student, teacher, {"d0": "d0"}, FeatureMatching())
    features.open()
    with tf.GradientTape() as tape:
        student(x), teacher(x)
        value = features(None)
    features.close()

    kernels = [model.get_layer("d0").kernel.value for model in (student, teacher)]
    mine, theirs = tape.gradient(value, kernels)
    assert mine is not None
    assert theirs is None


def test_equal_widths_have_no_adapter():
    features = Features(make(5), make(5), {"d0": "d0"}, FeatureMatching())
    assert features.adapters == []


def test_layers_with_several_outputs_are_refused():
    inputs = keras.Input((2, 4))
    outputs = keras.layers.LSTM(3, return_state=True, name="several")(inputs)
    model = keras.Model(inputs, outputs[0])
    with pytest.raises(ValueError, match="name layers with a single output"):
        Features(model, model, {"several": "several"}, FeatureMatching())
