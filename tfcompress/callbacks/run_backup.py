"""What callbacks add to the files that a run is resumed from."""

import keras
import numpy as np

_NAME = "run_backup"


class RunBackup(keras.layers.Layer):
    """The state of callbacks, saved with the weights of a model.

    A mask cannot always be read off the weights: what has just grown again is zero
    too, as is a weight that its own constraint sets to zero. What was so far, such as
    masks of earlier epochs, cannot be read off them at all.

    A callback that has joined answers `state()`: a dict, a key of its own -> dict of
    arrays by name. It asks for them by `find`, not before the first epoch begins.

    Keras writes the variables of all layers that it finds among the attributes of a
    model to its weights file. This layer is one for the length of a `fit`. Models
    without it load such files as any other.
    """

    def __init__(self):
        super().__init__(name=_NAME)
        self.callbacks = []
        self.loaded = {}

    @classmethod
    def of(cls, model):
        """Returns that of the model, made now if it has none."""
        # Past the `__setattr__` of Keras, which would count it among the layers.
        return vars(model).setdefault(_NAME, cls())

    def join(self, callback):
        """Saves the state of `callback` from now on, with nothing loaded yet."""
        self.callbacks = [one for one in self.callbacks if one is not callback]
        self.callbacks.append(callback)
        self.loaded = {}

    def leave(self, callback):
        """Saves it no longer; the last to leave takes the backup off the model."""
        self.callbacks = [one for one in self.callbacks if one is not callback]
        if not self.callbacks:
            vars(callback.model).pop(_NAME, None)

    def key(self, callback) -> str:
        """Returns a key of `callback` alone, the same whenever the same ones join."""
        kind = type(callback)
        number = [one for one in self.callbacks if type(one) is kind].index(callback)
        return f"{kind.__name__}_{number}"

    def find(self, key) -> dict:
        """Returns the arrays loaded for that key, such as a variable's number."""
        beginning = f"{key}."
        return {
            name.removeprefix(beginning): value
            for name, value in self.loaded.items()
            if name.startswith(beginning)
        }

    def save_own_variables(self, store):
        for callback in self.callbacks:
            for key, arrays in callback.state().items():
                for name, array in arrays.items():
                    store[f"{key}.{name}"] = array

    def load_own_variables(self, store):
        # A copy: the file is closed soon.
        self.loaded = {key: np.array(store[key]) for key in store.keys()}  # noqa: SIM118
