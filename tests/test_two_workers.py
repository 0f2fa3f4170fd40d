"""Two processes that train one model in a loop of their own."""

import json
import os
import socket
import subprocess
import sys

import numpy as np

# Keras's `fit` does not take this strategy; a loop of one's own does.
SCRIPT = """
import json, sys
import keras, numpy as np, tensorflow as tf
import tfcompress as tfc

workers, index = int(sys.argv[1]), int(sys.argv[2])
distribute = tf.distribute
strategy = (
    distribute.MultiWorkerMirroredStrategy() if workers > 1 else distribute.get_strategy()
)
random = np.random.default_rng(0)
x = random.normal(size=(5, 8, 6)).astype("float32")
y = random.integers(0, 3, (5, 8))
half = slice(index * 8 // workers, (index + 1) * 8 // workers)

with strategy.scope():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((6,)),
        tfc.layers.HashedDense(8, "relu", ratio=0.5, name="hashed"),
        keras.layers.Dense(
            6, "relu", kernel_regularizer=tfc.regularizers.GroupLasso(0.01), name="wide"
        ),
        keras.layers.Dense(3),
    ])
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.build(model.trainable_variables)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")

@tf.function
def step(x, y):
    def replica(x, y):
        with tf.GradientTape() as tape:
            found = loss(y, model(x, training=True)) / 8
            found += tf.add_n(model.losses) / workers
        gradients = tape.gradient(found, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return found
    return strategy.run(replica, args=(x, y))

for batch, labels in zip(x, y):
    step(tf.constant(batch[half]), tf.constant(labels[half]))
small = tfc.shrink(model, keep={"wide": 0.5})
print(json.dumps([weight.tolist() for weight in model.get_weights()]))
print(json.dumps(small.get_layer("wide").units))
"""


def test_two_workers_take_the_steps_of_one():
    (alone,) = trained(1)
    for weights, units in trained(2):
        for a, b in zip(weights, alone[0], strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)
        assert units == 3


def trained(workers):
    """Returns the weights of each worker, and the units of its layer when shrunk."""
    addresses = [f"localhost:{port}" for port in free_ports(workers)]
    children = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(workers), str(index)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "TF_CONFIG": config(addresses, index)},
        )
        for index in range(workers)
    ]
    printed = [child.communicate(timeout=300)[0] for child in children]
    assert [child.returncode for child in children] == [0] * workers
    return [[json.loads(line) for line in text.splitlines()[-2:]] for text in printed]


def config(addresses, index):
    task = {"type": "worker", "index": index}
    return json.dumps({"cluster": {"worker": addresses}, "task": task})


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("localhost", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
