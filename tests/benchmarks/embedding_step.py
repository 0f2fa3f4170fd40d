"""A look-up and a training step of the hashed embedding against Keras's own."""

import keras
import numpy as np
from side_by_side import medians, ratios

import tfcompress as tfc

DESCRIPTION = "Embedding 200000 x 64, 64 x 20 words: look-up, and training step (SGD)"

LAYERS = {
    "Embedding": lambda: keras.layers.Embedding(200_000, 64),
    "HashedEmbedding 1/64": lambda: tfc.layers.HashedEmbedding(
        200_000, 64, ratio=1 / 64, seed=0
    ),
    "HashedEmbedding 1/64, elements": lambda: tfc.layers.HashedEmbedding(
        200_000, 64, ratio=1 / 64, seed=0, block_size=1
    ),
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    rounds = {"rounds": 3 if fast else 41, "repeats": 1 if fast else 5}
    words = np.random.default_rng(seed).integers(200_000, size=(64, 20))
    targets = np.zeros((64, 20, 64), "float32")
    look_ups, steps, bytes_kept = {}, {}, {}
    for name, make in LAYERS.items():
        model = keras.Sequential([keras.Input((20,), dtype="int32"), make()])
        model.compile("sgd", "mse")
        look_ups[name] = lambda model=model: model.predict_on_batch(words)
        steps[name] = lambda model=model: model.train_on_batch(words, targets)
        bytes_kept[name] = 4 * model.count_params()
    return {
        "look-up": ratios(medians(look_ups, **rounds), to="Embedding"),
        "training step": ratios(medians(steps, **rounds), to="Embedding"),
        "stored bytes": bytes_kept,
    }
