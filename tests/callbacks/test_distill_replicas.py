import json
import subprocess
import sys

import numpy as np

# Devices are split before TensorFlow has begun: this needs a process of its own.
SCRIPT = """
import json
import keras, numpy as np, tensorflow as tf

[cpu] = tf.config.list_physical_devices("CPU")
halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, halves)
from tfcompress.callbacks.distill import Distill

def make(width):
    hidden = keras.layers.Dense(width, "tanh", name="hidden")
    return keras.Sequential([keras.Input((4,)), hidden, keras.layers.Dense(3)])

random = np.random.default_rng(0)
x, y = random.normal(size=(8, 4)).astype("float32"), np.arange(8) % 3
teacher, start = make(5), make(5)

def run(strategy, teacher):
    with strategy.scope():
        student = make(5)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        student.compile(keras.optimizers.SGD(0.5), loss)
    student.set_weights(start.get_weights())
    distill = Distill(teacher, features={"hidden": "hidden"})
    history = student.fit(x, y, batch_size=8, verbose=0, callbacks=[distill]).history
    return history, [weight.tolist() for weight in student.get_weights()]

both = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
results = [run(s, teacher) for s in (tf.distribute.get_strategy(), both)]
try:
    run(both, make(6))
except RuntimeError as error:
    print(json.dumps([*results, str(error)]))
"""


def test_two_replicas_take_the_step_of_one():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    (one, step), (two, same), refusal = json.loads(done.stdout.splitlines()[-1])

    for name, values in one.items():
        np.testing.assert_allclose(two[name], values, rtol=1e-5)
    for a, b in zip(step, same, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    assert "one replica" in refusal
