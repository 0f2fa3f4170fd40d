import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.callbacks.run_backup import RunBackup
from tfcompress.schedules.constant import Constant
from tfcompress.schedules.one_shot import OneShot

X, Y = np.ones((16, 3), "float32"), -np.ones((16, 4), "float32")


def network():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, name="d")])
    model.compile(keras.optimizers.SGD(0.01), "mse")
    return model


def fit(model, *callbacks, **options):
    run = {"batch_size": 4, "epochs": 2, "verbose": 0, "shuffle": False, **options}
    return model.fit(X, Y, callbacks=list(callbacks), **run)


class Cut(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 1:
            raise InterruptedError


@pytest.mark.parametrize("order", [1, -1], ids=["backup first", "prune first"])
def test_weight_that_its_constraint_has_set_to_zero_is_still_kept(order, tmp_path):
    def callbacks():
        backup = keras.callbacks.BackupAndRestore(tmp_path)
        return [backup, PruneLowMagnitude(Constant(0.5))][::order]

    def constrained():
        model = network()
        model.layers[0].kernel.constraint = keras.constraints.NonNeg()
        model.layers[0].kernel.assign(np.ones((3, 4)) * [[1, 1, -1, -1]])
        return model

    cut, resumed = constrained(), constrained()
    with pytest.raises(InterruptedError):
        fit(cut, Cut(), *callbacks())
    assert np.count_nonzero(cut.layers[0].kernel) == 4

    both = callbacks()
    fit(resumed, *both)

    assert both[order > 0].sparsity == 0.5  # 6 of 12: two are kept, though zero


def test_backup_is_off_the_model_after_fit():
    model, prune = network(), PruneLowMagnitude(Constant(0.5))
    seen = []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append("run_backup" in vars(model))
    )

    fit(model, prune, watch)

    assert seen == [True, True]
    assert "run_backup" not in vars(model)


def test_model_is_the_same_with_and_without_it():
    model, seen = network(), []
    before = [layer.name for layer in model.layers], len(model.weights)
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(
            ([layer.name for layer in model.layers], len(model.weights))
        )
    )

    fit(model, PruneLowMagnitude(Constant(0.5)), watch)

    assert seen == [before, before]


def test_file_that_was_saved_within_fit_loads_elsewhere(tmp_path):
    model = network()
    names = tmp_path / "{epoch}.keras", tmp_path / "{epoch}.weights.h5"
    save = [
        keras.callbacks.ModelCheckpoint(names[0]),
        keras.callbacks.ModelCheckpoint(names[1], save_weights_only=True),
    ]

    fit(model, PruneLowMagnitude(Constant(0.5)), *save)

    whole, weights = keras.models.load_model(tmp_path / "2.keras"), network()
    weights.optimizer.build(weights.trainable_variables)
    weights.load_weights(tmp_path / "2.weights.h5")
    for loaded in (whole, weights):
        np.testing.assert_equal(loaded.get_weights(), model.get_weights())


def test_backup_of_an_unpruned_run_is_taken_by_its_zeros(tmp_path):
    model = network()
    model.layers[0].kernel.assign(np.eye(3, 4))
    with pytest.raises(InterruptedError):
        fit(model, Cut(), keras.callbacks.BackupAndRestore(tmp_path))
    prune = PruneLowMagnitude(OneShot(0.5, at="100%"))

    fit(network(), keras.callbacks.BackupAndRestore(tmp_path), prune)

    assert prune.sparsity == 0.5


def test_arrays_are_found_by_the_number_of_their_variable():
    backup = RunBackup()
    backup.loaded = {"1.kept": 5, "11.kept": 6, "1.seen": 7}

    assert backup.find(1) == {"kept": 5, "seen": 7}
    assert backup.find(2) == {}


def test_what_an_earlier_fit_has_loaded_is_gone_when_the_next_begins():
    backup, callback = RunBackup(), object()
    backup.join(callback)
    backup.loaded = {"1.kept": 5}

    backup.join(callback)  # an error ended the earlier one: it did not leave

    assert backup.find(1) == {}
