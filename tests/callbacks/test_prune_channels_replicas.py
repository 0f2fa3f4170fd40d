import json
import subprocess
import sys

# Devices are split before TensorFlow has begun: this needs a process of its own.
SCRIPT = """
import json, tempfile
import keras, numpy as np, tensorflow as tf
import tfcompress as tfc

[cpu] = tf.config.list_physical_devices("CPU")
halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, halves)
random = np.random.default_rng(0)
x, y = random.normal(size=(16, 4)).astype("float32"), np.arange(16) % 3

def left(strategy, by):
    keras.utils.set_random_seed(0)
    with strategy.scope():
        model = keras.Sequential([
            keras.Input((4,)),
            keras.layers.Dense(8, "relu", name="hidden"),
            keras.layers.Dense(3),
        ])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.SGD(1e-6), loss)
    prune = tfc.callbacks.PruneChannels(tfc.schedules.Constant(0.5), by=by)
    model.fit(x, y, batch_size=16, epochs=2, verbose=0, callbacks=[prune])
    kernel = model.get_layer("hidden").kernel.numpy()
    return np.flatnonzero(np.abs(kernel).max(0)).tolist()

both = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
print(json.dumps([
    [left(strategy, by) for strategy in (tf.distribute.get_strategy(), both)]
    for by in ("norm", "activation", "taylor")
]))
with both.scope(), tempfile.TemporaryDirectory() as folder:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    try:
        tfc.export.to_saved_model(model, folder + "/saved")
    except RuntimeError as error:
        print(error)
"""


def test_two_replicas_keep_the_channels_of_one():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    *_, found, refusal = done.stdout.splitlines()

    norm, activation, taylor = json.loads(found)
    assert norm[0] == norm[1]
    assert activation[0] == activation[1]
    assert taylor[0] == taylor[1]
    assert len(norm[0]) == len(activation[0]) == len(taylor[0]) == 4
    assert norm[0] != activation[0]
    assert "inside `strategy.scope()`: call it outside" in refusal
