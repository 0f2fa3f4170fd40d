"""A training step with a teacher against one without."""

import keras
import numpy as np
from side_by_side import medians, ratios

import tfcompress as tfc

DESCRIPTION = (
    "Training step of 784-800-800-10 with a teacher of 784-1200-1200-10, asked in each "
    "step or carried by the data, beside a step without one (Adam)"
)


def measure(fast: bool = False, seed: int = 0) -> dict:
    figures = {}
    for jit in (False, True):
        for batch in (50, 256):
            keras.utils.set_random_seed(seed)
            name = f"batch {batch}" + (", XLA" if jit else "")
            figures[name] = _steps(batch, jit, fast)
    return figures


def _steps(batch, jit, fast):
    teacher = _network(1200, jit)
    x = np.random.default_rng(0).normal(size=(batch, 784)).astype("float32")
    y = np.arange(batch) % 10
    _, carried = tfc.datasets.with_teacher((x, y), teacher)
    features = {"hidden": "hidden"}
    adapted = tfc.callbacks.Distill(teacher, features=features)
    actions = {
        "alone": _step(_network(800, jit), x, y),
        "alone again": _step(_network(800, jit), x, y),
        "teacher's forward pass": lambda: teacher.predict_on_batch(x),
        "teacher asked": _step(
            _network(800, jit), x, y, tfc.callbacks.Distill(teacher)
        ),
        "outputs carried": _step(
            _network(800, jit), x, carried, tfc.callbacks.Distill()
        ),
        "teacher asked, features adapted": _step(_network(800, jit), x, y, adapted),
    }
    seconds = medians(actions, rounds=2 if fast else 31, repeats=1 if fast else 5)
    return ratios(seconds, to="alone")


def _step(model, x, y, callback=None):
    # Its hooks are called here, not by `fit`, for steps of two fits cannot take turns.
    if callback is not None:
        callback.set_model(model)
        callback.set_params({"steps": 1000, "epochs": 1})
        callback.on_train_begin()
        # `train_on_batch` asks for its function, as another `fit` would.
        model.make_train_function = lambda force=False: None
    return lambda: model.train_on_batch(x, y)


def _network(units, jit):
    model = keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(units, "relu"),
            keras.layers.Dense(units, "relu", name="hidden"),
            keras.layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, jit_compile=jit)
    return model
