"""A training step of kernels that learn their zeros against that of Dense."""

import keras
import numpy as np
from side_by_side import medians, ratios

import tfcompress as tfc

DESCRIPTION = (
    "Training step of 784-1000-1000-10, and of an LSTM (50 x 32, 128 units, batch 32), "
    "with kernels that learn which weights are zero, beside Keras's own (Adam); LassoNet "
    "has the proximal step of 784 features in it"
)
KERNELS = {
    "HardConcrete, inputs": lambda: tfc.kernels.HardConcrete(
        strength=1e-6, groups="input"
    ),
    "HardConcrete, weights": lambda: tfc.kernels.HardConcrete(strength=1e-6),
    "VariationalDropout": lambda: tfc.kernels.VariationalDropout(strength=1e-6),
    "VariationalDropout, inputs": lambda: tfc.kernels.VariationalDropout(
        strength=1e-6, groups="input"
    ),
    "GeneralizedDropout": lambda: tfc.kernels.GeneralizedDropout(strength=1e-6),
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    rounds = {"rounds": 2 if fast else 41, "repeats": 1 if fast else 5}
    figures = {}
    for jit in (False, True):
        for batch in (50, 256):
            keras.utils.set_random_seed(seed)
            actions = {
                name: _step(_network(kernel), (batch, 784), jit)
                for name, kernel in {
                    "Dense": None,
                    "Dense again": None,
                    **KERNELS,
                }.items()
            }
            actions["LassoNet"] = _step(_lasso_net(), (batch, 784), jit)
            title = f"batch {batch}" + (", XLA" if jit else "")
            figures[title] = ratios(medians(actions, **rounds), to="Dense")
    keras.utils.set_random_seed(seed)
    actions = {
        name: _step(_lstm(kernel), (32, 50, 32), False)
        for name, kernel in {"LSTM": None, "LSTM again": None, **KERNELS}.items()
    }
    figures["LSTM"] = ratios(medians(actions, **rounds), to="LSTM")
    return figures


def _network(kernel):
    def dense(units):
        if kernel is None:
            return keras.layers.Dense(units, "relu")
        return tfc.layers.CompressedDense(units, "relu", kernel=kernel())

    layers = [keras.Input((784,)), dense(1000), dense(1000), keras.layers.Dense(10)]
    return keras.Sequential(layers)


def _lasso_net():
    net = tfc.layers.LassoNet(10, (1000, 1000), strength=1e-3)
    return keras.Sequential([keras.Input((784,)), net])


def _lstm(kernel):
    if kernel is None:
        layer = keras.layers.LSTM(128)
    else:
        layer = tfc.layers.CompressedLSTM(128, kernels=kernel())
    return keras.Sequential([keras.Input((50, 32)), layer, keras.layers.Dense(10)])


def _step(model, shape, jit):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, jit_compile=jit)
    random = np.random.default_rng(0)
    x = random.normal(size=shape).astype("float32")
    y = random.integers(10, size=shape[0])
    return lambda: model.train_on_batch(x, y)
