"""Pruning in runs with all that Keras has: not one removed weight is ever nonzero."""

import keras
import numpy as np
import pytest
from keras import callbacks, optimizers
from pruning_runs import (
    KEPT,
    METHODS,
    STEPS,
    Watch,
    X,
    Y,
    fit,
    kept,
    network,
    ramp,
    violations,
)

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude

COMPILED = {
    "plain": {},
    "jit": {"jit_compile": True},
    "steps per execution": {"steps_per_execution": 5},
    "both": {"jit_compile": True, "steps_per_execution": 8},
    "eager": {"run_eagerly": True},
}
OPTIMIZERS = {
    "momentum": lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "decay": lambda: optimizers.AdamW(weight_decay=0.1),
    "Lion": lambda: optimizers.Lion(),
    "accumulation": lambda: optimizers.Adam(gradient_accumulation_steps=4),
    "average": lambda: optimizers.Adam(use_ema=True, ema_overwrite_frequency=5),
    "loss scale": lambda: optimizers.LossScaleOptimizer(optimizers.Adam()),
    "schedule": lambda: optimizers.Adam(
        optimizers.schedules.CosineDecay(0.01, 3 * STEPS)
    ),
    "all at once": lambda: optimizers.LossScaleOptimizer(
        optimizers.AdamW(gradient_accumulation_steps=2, use_ema=True, clipnorm=1.0)
    ),
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


def assert_pruned(model, prune):
    assert int(model.seen.violations) == 0
    assert int(model.seen.steps) == 3 * STEPS
    assert kept(model) == [row["kept"] for row in prune.summary().values()]
    assert sum(kept(model)) == sum(KEPT)


@pytest.mark.parametrize("compiled", COMPILED)
def test_masks_hold_however_the_model_is_compiled(compiled):
    model, prune = network(**COMPILED[compiled]), METHODS["magnitude"]()

    fit(model, prune)

    assert_pruned(model, prune)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "bfloat16"])
def test_masks_hold_in_every_precision(policy):
    keras.config.set_dtype_policy(policy)
    model, prune = network(), METHODS["magnitude"]()

    fit(model, prune)

    assert_pruned(model, prune)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_masks_hold_under_every_optimizer(optimizer):
    model, prune = network(OPTIMIZERS[optimizer]()), METHODS["magnitude"]()

    fit(model, prune)

    assert_pruned(model, prune)


@pytest.mark.parametrize("other", OTHERS)
def test_masks_hold_beside_every_callback(other, tmp_path):
    model, prune = network(optimizers.Adam(0.01, use_ema=True)), METHODS["magnitude"]()

    fit(model, *OTHERS[other](tmp_path), prune)

    assert_pruned(model, prune)


@pytest.mark.parametrize("method", METHODS)
def test_masks_of_every_method_hold_with_all_of_it_at_once(method, tmp_path):
    compiled = {"jit_compile": True, "steps_per_execution": 5}
    model, prune = network(OPTIMIZERS["all at once"](), **compiled), METHODS[method]()
    others = [
        *OTHERS["averages each epoch"](tmp_path),
        *OTHERS["files"](tmp_path),
        *OTHERS["early stopping"](tmp_path),
    ]

    run = {"validation_data": (X, Y)}
    fit(model, *others, prune, **run)

    assert_pruned(model, prune)


@pytest.mark.parametrize("method", METHODS)
def test_run_that_ends_by_an_exception_leaves_weights_and_masks_in_agreement(method):
    class Interrupt(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if int(self.model.optimizer.iterations) == 13:
                raise KeyboardInterrupt

    model, prune = network(), METHODS[method]()

    with pytest.raises(KeyboardInterrupt):
        fit(model, prune, Interrupt())

    assert violations(model) == 0
    assert kept(model) == [row["kept"] for row in prune.summary().values()]
    assert 0 < prune.sparsity < 0.75

    model.seen.steps.assign(0)
    fit(model, prune)  # no trace of the run before
    assert_pruned(model, prune)


def test_checkpoint_of_an_epoch_is_as_sparse_as_its_logs_say(tmp_path):
    model, prune = network(), PruneLowMagnitude(ramp(end="3 epochs"))
    save = callbacks.ModelCheckpoint(
        tmp_path / "{epoch}.weights.h5", save_weights_only=True
    )

    logs = fit(model, prune, save).history["sparsity"]

    fresh, sparsities = network(), []
    fresh.optimizer.build(fresh.trainable_variables)
    for epoch in (1, 2, 3):
        fresh.load_weights(tmp_path / f"{epoch}.weights.h5")
        sparsities.append(1 - sum(kept(fresh)) / 240)
    assert sparsities == pytest.approx(logs)
    assert logs[0] < logs[1] < logs[2] == 0.75


def test_watch_sees_a_violation():
    """The tests of this file rest on it."""
    model, watch = network(), Watch()

    class Wrong(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.layers[1].kernel.assign(np.ones((8, 20)))

    fit(model, METHODS["magnitude"](), Wrong(), watch)

    assert watch.violations > 0
