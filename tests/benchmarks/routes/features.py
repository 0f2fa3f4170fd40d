"""What those who choose features begin with: examples, and how they end."""

import pathlib

import numpy as np


class User:
    """Somebody who wants 50 features.

    They are those with the longest skip weights, at the last point that has so many.

    Args:
        folder: Where `features.npz` (x, y) lies.
        seed: Integer.
        options: What both packages are told, in the words of this one.
    """

    def __init__(self, folder, seed, options):
        self.folder, self.seed = pathlib.Path(folder), seed
        self.options = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in options.items()
        }
        with np.load(self.folder / "features.npz") as arrays:
            self.x, self.y = arrays["x"], arrays["y"]

    def save(self, package, chosen, points):
        path = self.folder / f"{package}.npz"
        np.savez(path, chosen=chosen, points=points)
        return path
