"""What the code of a route begins with: data, the trained network, a plain fit."""

import math
import pathlib

import numpy as np
from networks import network

BATCH = 128


class User:
    """Somebody who has a trained network and wants a small file.

    Attributes:
        keras: The module, Keras 3 or legacy Keras.

    Args:
        network: Its name in `networks`.
        folder: Where `data.npz` (x, y, x_test, y_test) and `weights.npz` lie.
        before: Epochs that the network was trained for.
        after: Epochs that each step of a route has.
        seed: Integer.
    """

    keras = None

    def __init__(self, network, folder, before, after, seed):
        self.network, self.folder = network, pathlib.Path(folder)
        self.before, self.after, self.seed = before, after, seed
        self.x, self.y = self.data()
        self.set_seed(seed)

    def set_seed(self, seed):
        self.keras.utils.set_random_seed(seed)

    def data(self, part=""):
        with np.load(self.folder / "data.npz") as arrays:
            x, y = arrays[f"x{part}"], arrays[f"y{part}"]
        return (x.astype("float32") / 255 if x.dtype == "uint8" else x), y

    def model(self):
        """Returns the trained network."""
        model = network(self.keras, self.network)
        with np.load(self.folder / "weights.npz") as weights:
            model.set_weights([weights[name] for name in weights.files])
        return model

    def fit(self, model, epochs=None, callbacks=(), rate=1e-3):
        """Trains by Adam, at a rate that falls to 0 along a cosine; returns the model."""
        epochs = epochs or self.after
        steps = epochs * math.ceil(len(self.x) / BATCH)
        falling = self.keras.optimizers.schedules.CosineDecay(rate, steps)
        loss = self.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(self.keras.optimizers.Adam(falling), loss)
        run = {"batch_size": BATCH, "epochs": epochs, "verbose": 0}
        model.fit(self.x, self.y, callbacks=list(callbacks), **run)
        return model

    def path(self, name):
        """Returns the path of a file, which is not there yet."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        return path
