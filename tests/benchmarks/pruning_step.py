"""A training step under pruning against a plain one, and an update of the masks."""

import itertools

import keras
from side_by_side import medians, ratios

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.patterns.block import Block
from tfcompress.schedules.polynomial import Polynomial

DESCRIPTION = (
    "Training step of 784-1000-1000-10 with masks, an update every 100 steps included, "
    "beside a plain one (Adam); one update of the masks of a million weights"
)


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    figures = {}
    for jit in (False, True):
        for batch in (50, 256):
            name = f"batch {batch}" + (", XLA" if jit else "")
            figures[name] = _steps(batch, jit, fast)
    figures["mask update, ms per million weights"] = _updates(fast)
    return figures


def _steps(batch, jit, fast):
    frequency = 5 if fast else 100
    pruned = _network(784, 1000, 1000, 10, jit=jit)
    prune = _begun(pruned, PruneLowMagnitude(_ramp(frequency)))
    actions = {
        "plain": _training(_network(784, 1000, 1000, 10, jit=jit), batch),
        "plain again": _training(_network(784, 1000, 1000, 10, jit=jit), batch),
        "pruned": _training(pruned, batch, prune),
    }
    seconds = medians(actions, rounds=2 if fast else 9, repeats=frequency)
    return ratios(seconds, to="plain")


def _updates(fast):
    options = {
        "Unstructured": {},
        "Block((4, 1))": {"pattern": Block((4, 1))},
        "global": {"scope": "global"},
    }
    actions = {}
    for name, option in options.items():
        prune = PruneLowMagnitude(_ramp(frequency=1), **option)
        actions[name] = _batch_end(_begun(_network(1000, 1000), prune))
    seconds = medians(actions, rounds=3 if fast else 101)
    return {name: round(1e3 * value, 3) for name, value in seconds.items()}


def _ramp(frequency):
    return Polynomial(0.9, end="100%", frequency=frequency)


def _network(inputs, *units, jit=False):
    hidden = [keras.layers.Dense(size, "relu") for size in units[:-1]]
    layers = [keras.Input((inputs,)), *hidden, keras.layers.Dense(units[-1])]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, jit_compile=jit)
    return model


def _begun(model, prune):
    """Returns `prune` as it is within a `fit` of 1000 steps.

    Its hooks are called here, not by `fit`, for steps of two fits cannot take turns.
    """
    prune.set_model(model)
    prune.set_params({"steps": 1000, "epochs": 1})
    prune.on_train_begin()
    prune.on_epoch_begin(0)
    return prune


def _batch_end(callback):
    batches = itertools.count()
    return lambda: callback.on_train_batch_end(next(batches))


def _training(model, batch, callback=None):
    x = keras.random.normal((batch, model.input_shape[1]))
    y = keras.random.randint((batch,), 0, 10)
    end = _batch_end(callback or keras.callbacks.Callback())

    def step():
        model.train_on_batch(x, y)
        end()

    return step
