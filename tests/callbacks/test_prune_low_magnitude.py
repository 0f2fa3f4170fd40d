import zipfile

import keras
import numpy as np
import pytest
from keras import layers, ops

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.patterns.block import Block
from tfcompress.schedules.constant import Constant
from tfcompress.schedules.polynomial import Polynomial

X = np.random.default_rng(1).normal(size=(64, 8)).astype("float32")
Y = np.random.default_rng(2).normal(size=(64, 4)).astype("float32")
STEPS = 8  # per epoch, with batches of 8


def network(**options):
    parts = [keras.Input((8,)), layers.Dense(20, "relu", name="a"), layers.Dense(4)]
    model = keras.Sequential(parts)
    model.compile(**{"optimizer": "adam", "loss": "mse", **options})
    return model


def fit(model, *callbacks, epochs=3, x=X, y=Y, **options):
    options = {"batch_size": 8, "verbose": 0, "shuffle": False, **options}
    return model.fit(x, y, epochs=epochs, callbacks=list(callbacks), **options)


def ramp(final=0.75, end="70%", frequency=3):
    return Polynomial(final, end=end, frequency=frequency)


def kernels(model):
    return [v.numpy() for v in model.trainable_variables if len(v.shape) > 1]


def zeros(model):
    return [int((kernel == 0).sum()) for kernel in kernels(model)]


class Watched(keras.Model):
    """Records, inside each compiled step, the most nonzeros that a kernel had."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.most = keras.Variable(0, dtype="int32", trainable=False)
        self.steps = keras.Variable(0, dtype="int32", trainable=False)

    def train_step(self, data):
        logs = super().train_step(data)
        nonzero = ops.count_nonzero(self.layers[1].kernel)
        self.most.assign(ops.maximum(self.most, ops.cast(nonzero, "int32")))
        self.steps.assign_add(1)
        return logs


def watched(**options):
    inputs = keras.Input((8,))
    outputs = layers.Dense(4)(layers.Dense(20, "relu")(inputs))
    model = Watched(inputs, outputs)
    model.compile(**{"optimizer": "adam", "loss": "mse", **options})
    return model


def test_the_weights_nearest_to_zero_go():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(4, use_bias=False)])
    model.layers[0].set_weights([np.float32([[1, -8, 3, -4], [-5, 2, -7, 6]])])
    model.compile(keras.optimizers.SGD(0.0), "mse")

    fit(model, PruneLowMagnitude(Constant(0.5)), x=X[:, :2], epochs=1)

    assert model.layers[0].kernel.numpy().tolist() == [[0, -8, 0, 0], [-5, 0, -7, 6]]


@pytest.mark.parametrize("sparsity", [0.5, 0.75, 0.9, 0.99])
def test_the_count_of_each_weight_is_exact(sparsity):
    model = network()

    fit(model, PruneLowMagnitude(ramp(sparsity)))

    kept = [160 - zeros(model)[0], 80 - zeros(model)[1]]
    assert kept == [round(160 * (1 - sparsity)), max(round(80 * (1 - sparsity)), 1)]


def test_the_kept_are_no_smaller_than_the_removed():
    model = network(optimizer=keras.optimizers.SGD(0.0))
    before = kernels(model)

    fit(model, PruneLowMagnitude(ramp()))

    for kernel, old in zip(kernels(model), before, strict=True):
        kept = kernel != 0
        assert np.abs(old[kept]).min() >= np.abs(old[~kept]).max()


def test_global_scope_has_one_threshold():
    model = network(optimizer=keras.optimizers.SGD(0.0))
    model.layers[1].kernel.assign(model.layers[1].kernel * 1.2)
    before = np.concatenate([np.abs(kernel).ravel() for kernel in kernels(model)])

    prune = PruneLowMagnitude(ramp(), scope="global")
    fit(model, prune)

    kept = np.concatenate([kernel.ravel() for kernel in kernels(model)]) != 0
    assert kept.sum() == 60  # a quarter of 160 + 80
    assert before[kept].min() >= before[~kept].max()
    assert zeros(model)[0] / 160 > 0.75 > zeros(model)[1] / 80


def test_global_scope_cuts_no_layer_off():
    model = network(optimizer=keras.optimizers.SGD(0.0))
    model.layers[0].kernel.assign(model.layers[0].kernel * 1e-3)

    fit(model, PruneLowMagnitude(ramp(0.9), scope="global"))

    assert zeros(model) == [159, 57]


def test_blocks_go_as_one():
    model = network()

    fit(model, PruneLowMagnitude(ramp(), pattern=Block((4, 1))))

    for kernel in kernels(model):
        inside = (kernel.reshape(-1, 4, kernel.shape[1]) != 0).sum(1)
        assert set(inside.ravel()) == {0, 4}
        assert (inside > 0).mean() == 0.25


@pytest.mark.parametrize("frequency", [1, 7, 11])
@pytest.mark.parametrize("end", [13, "3 epochs"])
@pytest.mark.parametrize("steps_per_execution", [1, 5])
def test_final_sparsity_is_always_reached(frequency, end, steps_per_execution):
    model = network(steps_per_execution=steps_per_execution)

    fit(model, PruneLowMagnitude(ramp(end=end, frequency=frequency)))

    assert zeros(model) == [120, 60]


def test_sparsity_follows_the_schedule():
    prune = PruneLowMagnitude(ramp(end="3 epochs", frequency=4))

    history = fit(network(), prune).history["sparsity"]

    expected = [0.75 * (1 - (1 - epoch / 3) ** 3) for epoch in (1, 2, 3)]
    np.testing.assert_allclose(history, expected, atol=1 / 240)


def test_run_that_ends_early_is_pruned_to_the_end_and_says_so():
    model = network()
    stop = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: setattr(model, "stop_training", True)
    )

    with pytest.warns(UserWarning, match="stopped at step 8, before .* end at step 17"):
        fit(model, stop, PruneLowMagnitude(ramp()))

    assert zeros(model) == [120, 60]


def test_run_that_is_too_short_says_so_before_training():
    model = network()
    before = kernels(model)

    with pytest.raises(ValueError, match=r"`end` must lie within the run.* step 24 "):
        fit(model, PruneLowMagnitude(ramp(end=25)))

    np.testing.assert_equal(kernels(model), before)
    assert int(model.optimizer.iterations) == 0
    assert all(v.constraint is None for v in model.trainable_variables)


def test_removed_weights_stay_removed_when_a_model_is_fitted_again():
    model, prune = network(), PruneLowMagnitude(ramp())
    fit(model, prune)
    removed = [kernel == 0 for kernel in kernels(model)]

    history = fit(model, prune).history["sparsity"]

    assert history == [0.75, 0.75, 0.75]
    np.testing.assert_equal([kernel == 0 for kernel in kernels(model)], removed)


def test_a_second_run_can_remove_more():
    model = network()
    fit(model, PruneLowMagnitude(Constant(0.5)))
    removed = [kernel == 0 for kernel in kernels(model)]

    fit(model, PruneLowMagnitude(Constant(0.75)))

    assert zeros(model) == [120, 60]
    for kernel, gone in zip(kernels(model), removed, strict=True):
        assert not kernel[gone].any()


def test_constant_zero_keeps_a_model_as_sparse_as_it_is():
    model = watched()
    fit(model, PruneLowMagnitude(Constant(0.75)))
    model.most.assign(0)

    fit(model, PruneLowMagnitude(Constant(0)))

    assert int(model.most) == 40


def test_weight_that_is_zero_altogether_is_not_taken_as_removed():
    model = network()
    model.layers[1].kernel.assign(np.zeros((20, 4)))

    fit(model, PruneLowMagnitude(ramp()))

    assert zeros(model) == [120, 60]


class Abort(keras.callbacks.Callback):
    def __init__(self, epoch=9, batch=-1):
        super().__init__()
        self.where = (epoch, batch)

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        if (epoch, -1) == self.where:
            raise InterruptedError

    def on_train_batch_begin(self, batch, logs=None):
        if (self.epoch, batch) == self.where:
            raise InterruptedError


def test_run_that_is_resumed_by_initial_epoch_reaches_the_masks_of_the_uncut_run():
    uncut, cut = network(), network()
    cut.set_weights(uncut.get_weights())
    schedule = ramp(end="5 epochs", frequency=5)
    fit(uncut, PruneLowMagnitude(schedule), epochs=6)

    with pytest.raises(InterruptedError):
        fit(cut, PruneLowMagnitude(schedule), Abort(3), epochs=6)
    middle = zeros(cut)
    fit(cut, PruneLowMagnitude(schedule), epochs=6, initial_epoch=3)

    assert 0 < middle[0] < 120
    np.testing.assert_array_equal(kernels(cut)[0] != 0, kernels(uncut)[0] != 0)
    np.testing.assert_allclose(kernels(cut)[0], kernels(uncut)[0], rtol=1e-4)


@pytest.mark.parametrize("order", [1, -1], ids=["backup first", "prune first"])
@pytest.mark.parametrize("where", [(3, -1), (3, 4)], ids=["at epoch", "mid-epoch"])
def test_run_that_is_resumed_from_a_backup_reaches_the_final_masks(
    order, where, tmp_path
):
    def callbacks():
        save_freq = "epoch" if where[1] == -1 else 3
        backup = keras.callbacks.BackupAndRestore(tmp_path / "backup", save_freq)
        return [backup, PruneLowMagnitude(ramp(end="5 epochs", frequency=5))][::order]

    uncut, cut, fresh = network(), network(), network()
    cut.set_weights(uncut.get_weights())
    fit(uncut, callbacks()[0 if order == -1 else 1], epochs=6)
    with pytest.raises(InterruptedError):
        fit(cut, *callbacks(), Abort(*where), epochs=6)

    middle = [kernel == 0 for kernel in kernels(cut)]
    history = fit(fresh, *callbacks(), epochs=6).history["sparsity"]

    assert len(history) == 3
    assert zeros(fresh) == [120, 60]
    for kernel, gone in zip(kernels(fresh), middle, strict=True):
        assert gone.any()
        assert not kernel[gone].any() or where[1] == 4  # saved before the last steps
    if where[1] == -1:
        np.testing.assert_array_equal(kernels(fresh)[0] != 0, kernels(uncut)[0] != 0)


def test_start_after_the_end_prunes_at_once():
    history = fit(network(), PruneLowMagnitude(ramp()), initial_epoch=2).history

    assert history["sparsity"] == [0.75]


def test_constraint_of_the_user_is_kept_and_put_back():
    model = network()
    user = keras.constraints.NonNeg()
    model.layers[0].kernel.constraint = user

    fit(model, PruneLowMagnitude(ramp()))

    assert model.layers[0].kernel.constraint is user
    assert model.layers[1].kernel.constraint is None
    assert kernels(model)[0].min() == 0
    assert zeros(model)[0] >= 120


@pytest.mark.parametrize("again", ["same callback", "new callback"])
def test_constraint_is_put_back_after_a_fit_that_was_aborted(again):
    model, prune = network(), PruneLowMagnitude(ramp())
    user = model.layers[0].kernel.constraint = keras.constraints.MaxNorm(9.0)
    with pytest.raises(InterruptedError):
        fit(model, prune, Abort(1))
    assert model.layers[0].kernel.constraint is not user

    fit(model, prune if again == "same callback" else PruneLowMagnitude(ramp()))

    assert model.layers[0].kernel.constraint is user
    assert zeros(model) == [120, 60]


def test_later_fit_without_the_callback_is_an_ordinary_one():
    model = network()
    fit(model, PruneLowMagnitude(ramp()))

    fit(model)

    assert zeros(model)[1] == 0


def test_model_saved_during_training_loads_without_the_package(tmp_path):
    model, path = network(), tmp_path / "{epoch}.keras"
    save = keras.callbacks.ModelCheckpoint(path)

    fit(model, PruneLowMagnitude(ramp(end=4)), save, epochs=2)

    loaded = keras.models.load_model(tmp_path / "2.keras")
    assert zeros(loaded) == [120, 60]
    assert all(v.constraint is None for v in loaded.trainable_variables)
    np.testing.assert_array_equal(loaded.predict(X, verbose=0), model.predict(X))
    with zipfile.ZipFile(tmp_path / "2.keras") as archive:
        assert b"tfcompress" not in archive.read("config.json")


def test_weights_of_other_layers_are_pruned_too():
    inputs = keras.Input((6,))
    outputs = layers.Embedding(10, 4)(inputs)
    outputs = layers.Conv1D(4, 2)(outputs)
    outputs = layers.LSTM(4)(outputs)
    model = keras.Model(inputs, HashedDense(16, ratio=0.5, block_size=1)(outputs))
    model.compile("adam", "mse")

    prune = PruneLowMagnitude(Constant(0.75))
    fit(model, prune, x=np.ones((8, 6)), y=np.ones((8, 16)), epochs=1)

    assert [row["kept"] for row in prune.summary().values()] == [10, 8, 16, 16, 8]
    assert [
        int(np.count_nonzero(v))
        for v in model.trainable_variables
        if "bias" not in v.path
    ] == [10, 8, 16, 16, 8]


def test_which_leaves_the_other_layers_dense():
    model = network()

    fit(model, PruneLowMagnitude(ramp(), which="a"))

    assert zeros(model) == [120, 0]


def test_summary_says_what_became_of_each_weight():
    model, prune = network(), PruneLowMagnitude(ramp())
    assert (prune.summary(), prune.sparsity) == ({}, 0.0)

    fit(model, prune)

    rows = {path.split("/", 1)[1]: row for path, row in prune.summary().items()}
    assert rows["a/kernel"] == {"size": 160, "kept": 40, "sparsity": 0.75}
    assert prune.sparsity == 0.75


def test_foreign_schedule_is_taken():
    model = network()

    fit(model, PruneLowMagnitude(lambda step: (step == 5, 0.75)))

    assert zeros(model) == [120, 60]


def test_serialized_callback_keeps_its_options():
    options = {"which": ["a", "b*"], "pattern": Block((4, 1)), "scope": "global"}
    prune = PruneLowMagnitude(ramp(), **options)

    config = keras.saving.serialize_keras_object(prune)
    copy = keras.saving.deserialize_keras_object(config)

    assert type(copy) is PruneLowMagnitude
    assert copy.get_config() == prune.get_config()
    assert (copy.schedule, copy.pattern) == (prune.schedule, prune.pattern)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        (
            {"schedule": 0.9},
            TypeError,
            r"`schedule` must be a schedule.*Polynomial\(0.9",
        ),
        (
            {"pattern": "1x4"},
            TypeError,
            r"`pattern` must be a pattern.*Block\(\(4, 1\)\)",
        ),
        ({"scope": "model"}, ValueError, "`scope` must be one of 'layer', 'global'"),
    ],
)
def test_wrong_options_are_refused(options, kind, message):
    with pytest.raises(kind, match=message):
        PruneLowMagnitude(**{"schedule": ramp(), **options})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"which": "z"}, "`which` must name trainable kernels"),
        ({"pattern": Block((3, 1))}, "`shape` must divide the last axes of .*a/kernel"),
    ],
)
def test_what_does_not_fit_the_model_is_refused_before_training(options, message):
    model = network()
    before = kernels(model)

    with pytest.raises(ValueError, match=message):
        fit(model, PruneLowMagnitude(ramp(), **options))

    np.testing.assert_equal(kernels(model), before)
    assert all(v.constraint is None for v in model.trainable_variables)


def test_two_callbacks_on_two_weights_work_together():
    model = network()
    one = PruneLowMagnitude(ramp(), which="a")
    two = PruneLowMagnitude(ramp(0.5), which=lambda layer: layer.name != "a")

    fit(model, one, two)

    assert zeros(model) == [120, 40]
