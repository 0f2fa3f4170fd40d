"""Training steps of tensorflow-model-optimization, in a process of their own.

Its import switches `tf.keras` to the legacy Keras that it needs, for good. A process
that runs this file does the action named on each line of its input, and says so.
"""

import contextlib
import itertools
import os
import pathlib
import subprocess
import sys


@contextlib.contextmanager
def tfmot_steps(batch, frequency):
    """Yields a dict of name -> action, each of which waits until it is done."""
    command = [sys.executable, str(pathlib.Path(__file__)), str(batch), str(frequency)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    environment = {**os.environ, "TF_USE_LEGACY_KERAS": "1"}
    with subprocess.Popen(command, env=environment, **pipes) as process:

        def action(name):
            def act():
                print(name, file=process.stdin, flush=True)
                if process.stdout.readline().strip() != name:
                    raise RuntimeError(f"tensorflow_model_optimization: {name} failed.")

            return act

        yield {name: action(name) for name in _names(frequency)}
        process.stdin.close()


def _names(frequency):
    return "tf_keras plain", f"tfmot every {frequency}", "tfmot every 1", "tfmot update"


def _serve(batch, frequency):
    steps = [_training(batch, every) for every in (None, frequency, 1)]
    actions = dict(zip(_names(frequency), [*steps, _update()], strict=True))
    for line in sys.stdin:
        actions[line.strip()]()
        print(line.strip(), flush=True)


def _training(batch, frequency):
    import numpy as np
    import tensorflow_model_optimization as tfmot
    import tf_keras

    model = _network(784, 1000, 1000, 10)
    if frequency is not None:
        model = _pruned(model, frequency)
    loss = tf_keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(batch, 784)).astype("float32")
    y = rng.integers(0, 10, batch)
    callback = tfmot.sparsity.keras.UpdatePruningStep()
    callback.set_model(model)
    if frequency is not None:
        callback.on_train_begin()
    batches = itertools.count()

    def step():
        number = next(batches)
        callback.on_train_batch_begin(number)
        model.train_on_batch(x, y)
        callback.on_train_batch_end(number)

    return step


def _update():
    """An update of the masks of a million weights, compiled, with nothing else."""
    import tensorflow as tf

    layer = _pruned(_network(1000, 1000), 1).layers[0]
    layer.pruning_step.assign(0)
    return tf.function(layer.pruning_obj.conditional_mask_update)


def _network(inputs, *units):
    import tf_keras

    hidden = [tf_keras.layers.Dense(size, "relu") for size in units[:-1]]
    layers = [tf_keras.Input((inputs,)), *hidden, tf_keras.layers.Dense(units[-1])]
    return tf_keras.Sequential(layers)


def _pruned(model, frequency):
    import tensorflow_model_optimization as tfmot

    ramp = tfmot.sparsity.keras.PolynomialDecay(0.0, 0.9, 0, 1000, frequency=frequency)
    return tfmot.sparsity.keras.prune_low_magnitude(model, pruning_schedule=ramp)


if __name__ == "__main__":
    _serve(int(sys.argv[1]), int(sys.argv[2]))
