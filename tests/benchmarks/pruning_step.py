"""A training step under pruning against a plain one, and an update of the masks."""

import itertools

import keras
from side_by_side import medians, ratios
from tfmot_steps import tfmot_steps

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.patterns.block import Block
from tfcompress.schedules.polynomial import Polynomial

DESCRIPTION = (
    "Training step of 784-1000-1000-10 with masks, updates of the masks included, "
    "beside a plain one (Adam), and tensorflow-model-optimization's beside that of "
    "tf_keras, in a second process that takes its turns with the first; one update of "
    "the masks of a million weights"
)


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    seldom = 5 if fast else 100
    figures = {}
    for batch in (128, 256):
        with tfmot_steps(batch, seldom) as peer:
            for every, rounds in ((seldom, 9), (1, 21)):
                name = f"batch {batch}, an update every {every} steps"
                figures[name] = _steps(batch, every, rounds, fast, peer=peer)
            update = peer["tfmot update"]
            peer_update = medians({"tfmot": update}, rounds=2 if fast else 21)
        name = f"batch {batch}, XLA, an update every {seldom} steps"
        figures[name] = _steps(batch, seldom, 9, fast, jit=True)
    seconds = {**_updates(fast), **peer_update}
    figures["mask update, ms per million weights"] = {
        name: round(1e3 * value, 3) for name, value in seconds.items()
    }
    return figures


def _steps(batch, every, rounds, fast, *, jit=False, peer=None):
    pruned = _network(784, 1000, 1000, 10, jit=jit)
    prune = _begun(pruned, PruneLowMagnitude(_ramp(every)))
    actions = {
        "plain": _training(_network(784, 1000, 1000, 10, jit=jit), batch),
        "plain again": _training(_network(784, 1000, 1000, 10, jit=jit), batch),
        "pruned": _training(pruned, batch, prune),
    }
    if peer:
        theirs = "tf_keras plain", f"tfmot every {every}"
        actions |= {name: peer[name] for name in theirs}
    # As many steps as lie between two updates, so that each turn has one of them.
    options = {"rounds": 2 if fast else rounds, "repeats": max(every, 10)}
    seconds = medians(actions, **options)
    figures = ratios(seconds, to="plain")
    if peer:
        # Each against its own Keras: the two differ in more than pruning.
        figures |= {
            name: {
                "ms": round(1e3 * seconds[name], 3),
                "ratio to plain": round(seconds[name] / seconds["tf_keras plain"], 3),
            }
            for name in theirs
        }
    return figures


def _updates(fast):
    options = {
        "Unstructured": {},
        "Block((4, 1))": {"pattern": Block((4, 1))},
        "global": {"scope": "global"},
    }
    actions = {}
    for name, option in options.items():
        prune = PruneLowMagnitude(_ramp(1), **option)
        actions[name] = _batch_end(_begun(_network(1000, 1000), prune))
    return medians(actions, rounds=3 if fast else 101)


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
