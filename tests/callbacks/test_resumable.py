import keras
import numpy as np
import pytest

from tfcompress.callbacks.resumable import Resumable

X = np.ones((2, 1), "float32")


class Tally(Resumable):
    """Counts from `count` on, or from what was counted before a cut."""

    def __init__(self, count):
        super().__init__()
        self.count = count
        self.begun = False

    def state(self):
        return {self._backup.key(self): {"count": np.array(self.count)}}

    def on_epoch_begin(self, epoch, logs=None):
        if not self.begun and (arrays := self._loaded()):
            self.count = int(arrays["count"])
        self.begun = True
        self.count += 1

    def on_train_end(self, logs=None):
        self._backup.leave(self)


class Cut(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            raise InterruptedError


def fit(folder, *callbacks):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    backup = keras.callbacks.BackupAndRestore(folder)
    model.fit(X, X, epochs=3, verbose=0, callbacks=[backup, *callbacks])


def test_two_of_a_kind_find_each_its_own_state_again(tmp_path):
    with pytest.raises(InterruptedError):
        fit(tmp_path, Cut(), Tally(10), Tally(100))
    first, second = Tally(0), Tally(0)

    fit(tmp_path, first, second)

    # Two epochs before the cut, and the third again.
    assert (first.count, second.count) == (13, 103)
