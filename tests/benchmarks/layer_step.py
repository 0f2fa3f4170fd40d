"""A training step of each compressed layer against that of Dense."""

import keras
import numpy as np
from side_by_side import medians, ratios

import tfcompress as tfc

DESCRIPTION = "Training step of 784-1008-1008-10, each kernel beside Dense (Adam)"

LAYERS = {
    "Dense": lambda units: keras.layers.Dense(units, "relu"),
    "Dense again": lambda units: keras.layers.Dense(units, "relu"),
    "Hashed 1/8, blocks of 16": lambda units: tfc.layers.HashedDense(
        units, "relu", ratio=1 / 8, seed=0
    ),
    "Hashed 1/8, elements": lambda units: tfc.layers.HashedDense(
        units, "relu", ratio=1 / 8, block_size=1, seed=0
    ),
    "Binary": lambda units: tfc.layers.BinaryDense(units, "relu"),
    "Binary, scaled": lambda units: tfc.layers.BinaryDense(
        units, "relu", scale="channel"
    ),
    "LowRank 64": lambda units: tfc.layers.LowRankDense(units, "relu", rank=64),
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    figures = {}
    for jit in (False, True):
        for batch in (50, 256):
            keras.utils.set_random_seed(seed)
            seconds = medians(
                {name: _step(layer, batch, jit) for name, layer in LAYERS.items()},
                rounds=3 if fast else 41,
                repeats=1 if fast else 5,
            )
            name = f"batch {batch}" + (", XLA" if jit else "")
            figures[name] = ratios(seconds, to="Dense")
    return figures


def _step(layer, batch, jit):
    model = keras.Sequential(
        [keras.Input((784,)), layer(1008), layer(1008), keras.layers.Dense(10)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, jit_compile=jit)
    random = np.random.default_rng(0)
    x = random.normal(size=(batch, 784)).astype("float32")
    y = random.integers(10, size=batch)
    return lambda: model.train_on_batch(x, y)
