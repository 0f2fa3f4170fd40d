"""A training step of hashed recurrent layers against that of Keras's own."""

import keras
import numpy as np
from side_by_side import medians, ratios

import tfcompress as tfc

DESCRIPTION = "Training step of 50 time steps x 32 features, 128 units, batch 32 (Adam)"

RATIO = {"ratio": 1 / 8, "seed": 0}
LAYERS = {
    "LSTM": lambda: keras.layers.LSTM(128),
    "LSTM again": lambda: keras.layers.LSTM(128),
    "HashedLSTM 1/8": lambda: tfc.layers.HashedLSTM(128, **RATIO),
    "HashedLSTM 1/8, elements": lambda: tfc.layers.HashedLSTM(
        128, **RATIO, block_size=1
    ),
    "LowRankLSTM 8": lambda: tfc.layers.LowRankLSTM(128, rank=8),
    "BinaryLSTM": lambda: tfc.layers.BinaryLSTM(128),
    "GRU": lambda: keras.layers.GRU(128),
    "HashedGRU 1/8": lambda: tfc.layers.HashedGRU(128, **RATIO),
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    seconds = medians(
        {name: _step(layer()) for name, layer in LAYERS.items()},
        rounds=3 if fast else 41,
        repeats=1 if fast else 5,
    )
    gru = {name: value for name, value in seconds.items() if "GRU" in name}
    lstm = {name: value for name, value in seconds.items() if "LSTM" in name}
    return {"LSTM": ratios(lstm, to="LSTM"), "GRU": ratios(gru, to="GRU")}


def _step(layer):
    model = keras.Sequential([keras.Input((50, 32)), layer, keras.layers.Dense(5)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss)
    random = np.random.default_rng(0)
    x = random.normal(size=(32, 50, 32)).astype("float32")
    y = random.integers(5, size=32)
    return lambda: model.train_on_batch(x, y)
