"""A training step of each kernel of few bits against that of Dense."""

import keras
import numpy as np
from side_by_side import medians, ratios

import tfcompress as tfc

DESCRIPTION = "Training step of 784-1000-1000-10 with few bits, beside Dense (Adam)"

KERNELS = {
    "Binary": tfc.kernels.Binary(),
    "Binary, scaled": tfc.kernels.Binary(scale="channel"),
    "Ternary": tfc.kernels.Ternary(),
    "Quantized 8": tfc.kernels.Quantized(bits=8),
    "Quantized 4": tfc.kernels.Quantized(bits=4),
    "Quantized 8, learned range": tfc.kernels.Quantized(bits=8, learned_range=True),
    "Quantized 8, inputs too": tfc.kernels.Quantized(bits=8, quantize_inputs=8),
    "Clustered 16": tfc.kernels.Clustered(codebook=16),
    "Clustered 256": tfc.kernels.Clustered(codebook=256),
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    figures = {}
    for jit in (False, True):
        for batch in (50, 256):
            keras.utils.set_random_seed(seed)
            steps = {name: _step(None, batch, jit) for name in ("Dense", "Dense again")}
            steps |= {name: _step(one, batch, jit) for name, one in KERNELS.items()}
            seconds = medians(steps, rounds=2 if fast else 41, repeats=1 if fast else 5)
            name = f"batch {batch}" + (", XLA" if jit else "")
            figures[name] = ratios(seconds, to="Dense")
    return figures


def _step(kernel, batch, jit):
    def layer():
        if kernel is None:
            return keras.layers.Dense(1000, "relu")
        return tfc.layers.CompressedDense(1000, "relu", kernel=kernel)

    model = keras.Sequential(
        [keras.Input((784,)), layer(), layer(), keras.layers.Dense(10)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, jit_compile=jit)
    random = np.random.default_rng(0)
    x = random.normal(size=(batch, 784)).astype("float32")
    y = random.integers(10, size=batch)
    return lambda: model.train_on_batch(x, y)
