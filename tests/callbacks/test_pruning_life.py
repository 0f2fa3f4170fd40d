"""Pruning in runs with all that Keras has: not one removed weight is ever nonzero."""

import keras
import numpy as np
import pytest
from keras import callbacks, optimizers
from pruning_runs import (
    FEW,
    KEPT,
    METHODS,
    STEPS,
    Watch,
    X,
    Y,
    fit,
    masked,
    network,
    nonzero,
    prunes,
    ramp,
    violations,
)

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude

COMPILED = {
    "plain": {},
    "steps per execution": {"steps_per_execution": 5},
    "jit and steps per execution": {"jit_compile": True, "steps_per_execution": 8},
    "eager": {"run_eagerly": True},
}
OPTIMIZERS = {
    "momentum": lambda: optimizers.SGD(0.01, momentum=0.9, nesterov=True),
    "Lion": lambda: optimizers.Lion(),
    "accumulation": lambda: optimizers.Adam(gradient_accumulation_steps=4),
    "average": lambda: optimizers.Adam(use_ema=True, ema_overwrite_frequency=5),
    "loss scale": lambda: optimizers.LossScaleOptimizer(optimizers.Adam()),
}
OTHERS = {
    "averages": lambda folder: [callbacks.SwapEMAWeights()],
    "averages each epoch": lambda folder: [
        callbacks.SwapEMAWeights(swap_on_epoch=True)
    ],
    "rates": lambda folder: [callbacks.LearningRateScheduler(lambda e: 0.1 / (e + 1))],
    "files": lambda folder: [
        callbacks.ModelCheckpoint(folder / "best.keras"),
        callbacks.BackupAndRestore(folder / "backup"),
    ],
    "early stopping": lambda folder: [
        callbacks.TerminateOnNaN(),
        callbacks.ReduceLROnPlateau("loss", patience=0),
        # The first epoch has the greatest loss: it is restored at the end.
        callbacks.EarlyStopping(
            "loss", mode="max", patience=9, restore_best_weights=True
        ),
    ],
}


def everything():
    return optimizers.LossScaleOptimizer(
        optimizers.AdamW(gradient_accumulation_steps=2, use_ema=True, clipnorm=1.0)
    )


def assert_pruned(model, callbacks):
    assert int(model.seen.violations) == 0
    assert int(model.seen.steps) == 3 * STEPS
    assert {name: prune.sparsity for name, prune in callbacks.items()} == dict.fromkeys(
        callbacks, 0.75
    )
    for name, count in nonzero(model).items():
        # What has grown again may have found no gradient yet.
        assert count == KEPT or ("grow" in METHODS[name].func.__name__.lower())
        assert KEPT / 2 < count <= KEPT


@pytest.mark.parametrize("compiled", COMPILED)
def test_masks_hold_however_the_model_is_compiled(compiled):
    model, pruning = network(FEW, **COMPILED[compiled]), prunes(FEW)

    fit(model, *pruning.values())

    assert_pruned(model, pruning)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "bfloat16"])
def test_masks_hold_in_every_precision(policy):
    keras.config.set_dtype_policy(policy)
    model, pruning = network(FEW), prunes(FEW)

    fit(model, *pruning.values())

    assert_pruned(model, pruning)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_masks_hold_under_every_optimizer(optimizer):
    model, pruning = network(FEW, optimizer=OPTIMIZERS[optimizer]()), prunes(FEW)

    fit(model, *pruning.values())

    assert_pruned(model, pruning)


@pytest.mark.parametrize("other", OTHERS)
def test_masks_hold_beside_every_callback(other, tmp_path):
    optimizer = optimizers.Adam(0.01, use_ema=True)
    model, pruning = network(FEW, optimizer=optimizer), prunes(FEW)

    fit(model, *OTHERS[other](tmp_path), *pruning.values())

    assert_pruned(model, pruning)


def test_masks_of_every_method_hold_with_all_of_it_at_once(tmp_path):
    compiled = {"jit_compile": True, "steps_per_execution": 5}
    model, pruning = network(optimizer=everything(), **compiled), prunes()
    others = [
        *OTHERS["averages each epoch"](tmp_path),
        *OTHERS["files"](tmp_path),
        *OTHERS["early stopping"](tmp_path),
    ]

    fit(model, *others, *pruning.values(), validation_data=(X, Y))

    assert_pruned(model, pruning)


def test_run_that_ends_by_an_exception_leaves_weights_and_masks_in_agreement():
    class Interrupt(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.epoch = epoch

        def on_train_batch_begin(self, batch, logs=None):
            if (self.epoch, batch) == (1, 5):
                raise KeyboardInterrupt

    model, pruning = network(), prunes()

    with pytest.raises(KeyboardInterrupt):
        fit(model, *pruning.values(), Interrupt())

    assert len(masked(model)) == len(METHODS)
    assert violations(model) == 0
    assert 0 < pruning["magnitude"].sparsity < 0.75

    model.seen.steps.assign(0)
    fit(model, *prunes().values())
    fit(model, *pruning.values())
    assert int(model.seen.steps) == 2 * 3 * STEPS
    assert int(model.seen.violations) == 0
    assert not masked(model)


def test_checkpoint_of_an_epoch_is_as_sparse_as_its_logs_say(tmp_path):
    model = network(FEW)
    prune = PruneLowMagnitude(ramp(end="3 epochs"), which="magnitude")
    save = callbacks.ModelCheckpoint(
        tmp_path / "{epoch}.weights.h5", save_weights_only=True
    )

    logs = fit(model, prune, save).history["sparsity"]

    fresh, sparsities = network(FEW), []
    fresh.optimizer.build(fresh.trainable_variables)
    for epoch in (1, 2, 3):
        fresh.load_weights(tmp_path / f"{epoch}.weights.h5")
        sparsities.append(1 - nonzero(fresh)["magnitude"] / 160)
    assert sparsities == pytest.approx(logs)
    assert logs[0] < logs[1] < logs[2] == 0.75


def test_watch_sees_a_violation():
    """The tests of this file rest on it."""
    model, watch = network(FEW), Watch()

    class Wrong(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.get_layer("magnitude").kernel.assign(np.ones((8, 20)))

    fit(model, prunes(FEW)["magnitude"], Wrong(), watch)

    assert watch.violations > 0
