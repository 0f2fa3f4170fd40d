"""Teaching on JAX, in a process of its own: a backend is chosen only once."""

import importlib.util
import os
import subprocess
import sys

import pytest

SCRIPT = """
import keras
import numpy as np

import tfcompress as tfc


def make(width):
    hidden = keras.layers.Dense(width, "tanh", name="hidden")
    return keras.Sequential([keras.Input((4,)), hidden, keras.layers.Dense(3)])


def softmax(logits):
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def numbers(model):
    return [np.array(weight) for weight in model.get_weights()]


# Values by hand, as in the tests of each loss.
three = np.array([[3.0, 0.0, 0.0]]), np.array([[5.0, 5.0, 5.0]])
assert float(tfc.losses.LogitMimic()(*three)) == 1.0
loss = tfc.losses.KnowledgeDistillation(2.0)
np.testing.assert_allclose(loss([[0.8, 0.2]], [[0.5, 0.5]]), 0.226532, rtol=1e-5)
loss = tfc.losses.FeatureMatching()
assert float(loss(np.array([[1.0, 2.0]]), np.array([[3.0, 2.0]]))) == 1.0
maps = np.array([[[3.0], [0.0]]]), np.array([[[0.0, 0.0], [1.0, 2.0]]])
assert float(tfc.losses.AttentionTransfer()(*maps)) == 2.0
line = np.array([[0.0], [1.0], [3.0]])
np.testing.assert_allclose(
    tfc.losses.RelationalDistance()(line, np.eye(3)), 1 / 12, rtol=1e-4
)

# A step, with the gradient by hand.
random = np.random.default_rng(0)
x, y = random.normal(size=(8, 4)).astype("float32"), np.arange(8) % 3
teacher, student = make(5), make(5)
taught = numbers(teacher)
kernel, bias, last, _ = numbers(student)
hidden = np.tanh(x @ kernel + bias)
z, v = hidden @ last, teacher.predict(x, verbose=0)
soft = 3.0 * (softmax(z / 3) - softmax(v / 3))
hard = softmax(z) - np.eye(3)[y]
error = 0.7 * soft + 0.3 * hard
shown = np.tanh(x @ taught[0] + taught[1])
below = (error @ last.T + 0.7 * 2.0 * (hidden - shown) / 5) * (1 - hidden**2)
expected = [kernel - 0.5 * x.T @ below / 8, last - 0.5 * hidden.T @ error / 8]
student.compile(
    keras.optimizers.SGD(0.5), keras.losses.SparseCategoricalCrossentropy(True)
)
options = {"temperature": 3.0, "alpha": 0.7, "feature_weight": 2.0}
distill = tfc.callbacks.Distill(teacher, features={"hidden": "hidden"}, **options)
student.fit(x, y, batch_size=8, verbose=0, callbacks=[distill])
for place, value in zip((0, 2), expected):
    np.testing.assert_allclose(numbers(student)[place], value, atol=1e-5)
for old, now in zip(taught, numbers(teacher)):
    np.testing.assert_array_equal(old, now)
"""


def test_on_jax_losses_and_a_step_are_those_by_hand():
    if importlib.util.find_spec("jax") is None:
        pytest.skip("needs jax, which is not installed")
    environment = {**os.environ, "KERAS_BACKEND": "jax"}

    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True
    )

    assert run.returncode == 0, run.stderr
