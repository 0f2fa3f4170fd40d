"""Products of signs by XNOR and a count of bits against float32 matrices."""

import time

import keras
import numpy as np
from side_by_side import medians

import tfcompress as tfc
from tfcompress.runtime.sign_bits import has_numba

DESCRIPTION = (
    "XNOR product 1000x1000 against NumPy float32, packing apart, and whole networks "
    "784-1000-1000-1000-10 with real inputs in the first layer (processor time)"
)

ENGINES = {"numpy": False, "numba": True} if has_numba() else {"numpy": False}


def measure(fast: bool = False, seed: int = 0) -> dict:
    random = np.random.default_rng(seed)
    keras.utils.set_random_seed(seed)
    figures = {}
    for size, batch, repeats in ((1000, 1, 512), (1000, 64, 8), (1000, 256, 2)):
        actions = _products(random, size, batch)
        figures[f"batch {batch}"] = _times(actions, fast, repeats)
    actions = _products(random, 4096, 1)
    figures["batch 1, 4096x4096"] = _times(actions, fast, 4)
    for batch, repeats in ((1, 32), (256, 1)):
        actions = _networks(random.normal(size=(batch, 784)).astype("float32"))
        figures[f"network, batch {batch}"] = _times(actions, fast, repeats)
    return figures


def _products(random, size, batch):
    """Returns the ways to multiply a batch with a matrix of signs."""
    weight = np.where(random.random((size, size)) < 0.5, -1, 1).astype("float32")
    x = random.normal(size=(batch, size)).astype("float32")
    rows = tfc.runtime.pack_signs(x)
    actions = {"NumPy float32": lambda: x @ weight}
    for name, numba in ENGINES.items():
        matrix = tfc.runtime.SignMatrix(weight, numba=numba)
        actions[f"XNOR {name}"] = lambda matrix=matrix: matrix.product(rows)
        actions[f"packing of inputs {name}"] = lambda numba=numba: (
            tfc.runtime.pack_signs(x, numba=numba)
        )
    return actions


def _networks(x):
    """Returns the ways to run a network, of float32 and of signs, on a batch."""
    real = keras.Sequential([keras.Input((784,))])
    signs = keras.Sequential([keras.Input((784,))])
    for layer, units in enumerate((1000, 1000, 1000, 10)):
        real.add(keras.layers.Dense(units, "relu" if units > 10 else None))
        estimator = "clipped" if layer else None
        signs.add(
            tfc.layers.BinaryDense(units, use_bias=False, binarize_inputs=estimator)
        )
        signs.add(keras.layers.BatchNormalization())
    weights = [[w.numpy() for w in layer.weights] for layer in real.layers]
    fast = tfc.runtime.XnorModel(signs)
    return {
        "NumPy float32": lambda: _by_numpy(x, weights),
        "Keras float32": lambda: real.predict_on_batch(x),
        "XnorModel": lambda: fast.predict(x),
        "its first layer": lambda: x @ weights[0][0],
    }


def _by_numpy(x, weights):
    """Runs dense layers with ReLU in between."""
    for kernel, bias in weights[:-1]:
        x = np.maximum(x @ kernel + bias, 0)
    kernel, bias = weights[-1]
    return x @ kernel + bias


def _times(actions, fast, repeats):
    """Returns microseconds, and how many times faster than NumPy that is."""
    seconds = medians(
        actions,
        rounds=3 if fast else 41,
        repeats=1 if fast else repeats,
        clock=time.process_time,
    )
    return {
        name: {
            "us": round(1e6 * value, 2),
            "times faster": round(seconds["NumPy float32"] / value, 2),
        }
        for name, value in seconds.items()
    }
