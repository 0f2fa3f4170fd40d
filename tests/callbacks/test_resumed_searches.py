"""Runs of callbacks with a memory that are cut, and resumed by `BackupAndRestore`."""

import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.callbacks.early_bird import EarlyBird
from tfcompress.callbacks.lottery_ticket import LotteryTicket
from tfcompress.callbacks.rewind_weights import RewindWeights

X = np.random.default_rng(1).normal(size=(16, 4)).astype("float32")
Y = X[:, :2] * 2
EPOCHS = 6


class Cut(keras.callbacks.Callback):
    def __init__(self, at=3):
        super().__init__()
        self.at = at

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.at:
            raise InterruptedError


def network():
    keras.utils.set_random_seed(0)
    hidden = [layers.Dense(6, use_bias=False), layers.BatchNormalization()]
    ends = [keras.Input((4,))], [layers.ReLU(), layers.Dense(2)]
    model = keras.Sequential([*ends[0], *hidden, *ends[1]])
    model.compile(keras.optimizers.Adam(0.05), "mse")
    return model


def fit(model, *callbacks):
    options = {"batch_size": 4, "epochs": EPOCHS, "verbose": 0, "shuffle": False}
    return model.fit(X, Y, callbacks=list(callbacks), **options)


def resumed(make, folder, order, at=3):
    """Returns the model and the callback of a run that was cut in that epoch."""
    for cut in ([Cut(at)], []):
        model, callback = network(), make()
        both = [keras.callbacks.BackupAndRestore(folder), callback][::order]
        if cut:
            with pytest.raises(InterruptedError):
                fit(model, *both, *cut)
    history = fit(model, *both)
    assert history.epoch == [*range(at, EPOCHS)]
    return model, callback


def uncut(make):
    model, callback = network(), make()
    fit(model, callback)
    return model, callback


@pytest.fixture(params=[1, -1], ids=["backup first", "backup last"])
def order(request):
    return request.param


@pytest.mark.parametrize("at", [1, 3])
def test_early_bird_has_the_masks_of_before_the_cut(order, at, tmp_path):
    def make():
        return EarlyBird(0.5, patience=3, threshold=0.5, stop=False)

    (_, whole), (_, again) = uncut(make), resumed(make, tmp_path, order, at)

    assert again.masks == whole.masks
    assert len(again.masks) == EPOCHS
    assert (again.epoch, again.ticket) == (whole.epoch, whole.ticket)
    assert again.epoch is not None
    assert [*again.keep.values()] == [*whole.keep.values()]


def test_kept_weights_are_those_of_before_the_cut(order, tmp_path):
    def make():
        return RewindWeights("1 epoch")

    (before, whole), (model, again) = uncut(make), resumed(make, tmp_path, order)
    assert again.step == whole.step == 4
    np.testing.assert_equal(model.get_weights(), before.get_weights())
    for callback in (whole, again):
        callback.restore_weights()

    assert int(model.optimizer.iterations) == 4
    np.testing.assert_equal(model.get_weights(), before.get_weights())
    states = [[v.numpy() for v in one.optimizer.variables] for one in (model, before)]
    np.testing.assert_equal(*states)


def test_second_round_of_a_ticket_goes_on_where_it_was(order, tmp_path):
    def rounds(second):
        model, ticket = network(), LotteryTicket(0.5, rewind_to="1 epoch")
        fit(model, ticket)
        backup = keras.callbacks.BackupAndRestore(tmp_path)
        both = [backup, ticket][::order]
        if second == "cut":
            # What was in memory is gone with the process: model and ticket are new.
            with pytest.raises(InterruptedError):
                fit(model, *both, Cut())
            model, ticket = network(), LotteryTicket(0.5, rewind_to="1 epoch")
            both = [backup, ticket][::order]
        fit(model, *both)
        return model, ticket

    (before, whole), (model, again) = rounds("whole"), rounds("cut")

    assert again.rounds == whole.rounds == 2
    assert again.masks == whole.masks
    assert again.masks.kept == 9  # a quarter of 4 x 6 + 6 x 2
    np.testing.assert_equal(model.get_weights(), before.get_weights())
