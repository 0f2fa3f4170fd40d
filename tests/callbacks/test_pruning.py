import copy

import keras
import numpy as np
import pytest

from tfcompress.callbacks.distill import Distill
from tfcompress.callbacks.prune_channels import PruneChannels
from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.callbacks.pruning import Pruning
from tfcompress.patterns.block import Block
from tfcompress.schedules.constant import Constant
from tfcompress.schedules.one_shot import OneShot
from tfcompress.schedules.polynomial import Polynomial

X, Y = np.ones((16, 3), "float32"), np.ones((16, 4), "float32")
KERNEL = np.float32([[1, -8, 3, -4], [-5, 2, -7, 6], [9, -10, 11, 12]])


class PruneHighMagnitude(Pruning):
    """A method that would bring removed weights back, were it free to."""

    def scores(self, variable):
        return -np.abs(variable.numpy())


def still(kernel=KERNEL):
    """A model that does not learn, so that only pruning changes its kernel."""
    dense = keras.layers.Dense(4, use_bias=False, name="d")
    model = keras.Sequential([keras.Input((3,)), dense])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    dense.set_weights([kernel])
    return model


def fit(model, *callbacks, **options):
    options = {"batch_size": 4, "epochs": 2, "verbose": 0, "shuffle": False, **options}
    return model.fit(X, Y, callbacks=list(callbacks), **options)


def kernel(model):
    return model.layers[0].kernel.numpy().tolist()


def test_a_method_is_a_subclass_with_scores():
    model = still()

    fit(model, PruneHighMagnitude(Constant(0.5)))

    assert kernel(model) == [[1, 0, 3, -4], [-5, 2, 0, 6], [0, 0, 0, 0]]


def test_removed_weights_do_not_come_back_whatever_they_score():
    model = still()

    fit(model, PruneHighMagnitude(Polynomial(0.75, end=6, frequency=1)))

    assert kernel(model) == [[1, 0, 3, 0], [0, 2, 0, 0], [0, 0, 0, 0]]


def test_zeros_inside_a_kept_block_stay_zeros():
    model = still(np.float32([[9, 0, 1, 1], [9, 9, 1, 0], [9, 9, 0, 0]]))

    fit(model, PruneHighMagnitude(Constant(0.5), pattern=Block((1, 2))))

    # Means 4.5, 1, 9, 0.5, 9 and 0: the last would stay, but is not alive.
    assert kernel(model) == [[9, 0, 1, 1], [0, 0, 1, 0], [0, 0, 0, 0]]


def test_zeros_inside_a_kept_block_do_not_learn():
    model = still(np.float32([[9, 0, 1, 1], [9, 9, 1, 0], [9, 9, 0, 0]]))
    model.compile(keras.optimizers.SGD(0.01), "mse")

    fit(model, PruneHighMagnitude(Constant(0.5), pattern=Block((1, 2))))

    assert (np.array(kernel(model)) != 0).tolist() == [
        [True, False, True, True],
        [False, False, True, False],
        [False, False, False, False],
    ]


def test_mask_and_weight_change_together():
    model, seen = still(), []
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(
            np.count_nonzero(kernel(model))
        )
    )

    fit(model, PruneHighMagnitude(OneShot(0.5, at=3)), watch, epochs=1)

    assert seen == [12, 12, 6, 6]


def test_an_update_between_two_executions_comes_after_the_next():
    model, seen = still(), []
    model.compile(keras.optimizers.SGD(0.0), "mse", steps_per_execution=4)
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(
            np.count_nonzero(kernel(model))
        )
    )

    fit(model, PruneHighMagnitude(OneShot(0.5, at=5)), watch, epochs=3)

    assert seen == [12, 6, 6]


def test_an_execution_cut_short_by_the_epoch_counts_as_many_steps_as_it_had():
    model = still()
    model.compile(keras.optimizers.SGD(0.0), "mse", steps_per_execution=3)

    history = fit(model, PruneHighMagnitude(OneShot(0.5, at=5))).history

    assert history["sparsity"] == [
        0.0,
        0.5,
    ]  # 4 steps an epoch, in executions of 3 and 1


def test_sparsity_is_in_the_logs_of_each_epoch():
    history = fit(still(), PruneHighMagnitude(OneShot(0.5, at=5)), epochs=3).history

    assert history["sparsity"] == [0.0, 0.5, 0.5]


def test_progress_bar_shows_the_sparsity_and_a_table_ends_the_run(capsys):
    fit(still(), PruneHighMagnitude(OneShot(0.5, at=3)), epochs=1, verbose=2)

    out = capsys.readouterr().out
    assert "sparsity: 0.5" in out
    [line] = [line for line in out.splitlines() if "d/kernel" in line]
    assert line.split()[1:] == ["12", "6", "50.0%"]


def test_silent_run_prints_nothing(capsys):
    fit(still(), PruneHighMagnitude(OneShot(0.5, at=3)), verbose=0)

    assert capsys.readouterr().out == ""


def test_update_waits_until_there_are_scores():
    class Late(PruneHighMagnitude):
        @property
        def ready(self):
            return self._step >= 3

    seen, model = [], still()
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(
            np.count_nonzero(kernel(model))
        )
    )

    fit(model, Late(Constant(0.5)), watch, epochs=1)

    assert seen == [12, 12, 6, 6]


def test_validation_sees_what_the_epoch_ends_with():
    model = still(np.eye(3, 4, dtype="float32"))
    prune = PruneHighMagnitude(OneShot(0.5, at="1 epoch"))

    history = fit(model, prune, validation_data=(X, Y), epochs=2).history

    assert history["val_loss"][0] == history["val_loss"][1]


def test_copy_of_a_callback_is_independent():
    prune = PruneHighMagnitude(Constant(0.5), which="d")
    fit(still(), prune)

    other, model = copy.deepcopy(prune), still()
    fit(model, other)

    assert np.count_nonzero(kernel(model)) == 6
    assert prune.summary().keys() != other.summary().keys()


def test_nothing_happens_in_a_run_without_epochs():
    model = still()

    fit(model, PruneHighMagnitude(OneShot(0.5)), initial_epoch=2)

    assert kernel(model) == KERNEL.tolist()
    assert model.layers[0].kernel.constraint is None


def test_run_of_unknown_length_is_refused():
    def batches():
        yield X, Y

    prune = PruneHighMagnitude(Constant(0.5))
    with pytest.raises(ValueError, match=r"`steps_per_epoch` must be known.*length"):
        still().fit(batches(), shuffle=False, callbacks=[prune])


def test_given_length_of_a_generator_will_do():
    def batches():
        while True:
            yield X, Y

    model, prune = still(), PruneHighMagnitude(OneShot(0.5))
    model.fit(batches(), shuffle=False, steps_per_epoch=2, verbose=0, callbacks=[prune])

    assert np.count_nonzero(kernel(model)) == 6


def test_two_callbacks_on_one_weight_are_refused():
    prunes = [PruneHighMagnitude(Constant(0.5)) for _ in range(2)]

    with pytest.raises(ValueError, match="d/kernel' is pruned by another callback"):
        fit(still(), *prunes)


def behind_a_relu():
    """A model whose loss does not show that its first weights are no numbers."""
    layers = [keras.layers.Dense(3, "relu", name="a"), keras.layers.Dense(2)]
    model = keras.Sequential([keras.Input((4,)), *layers])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


ONE_UPDATE = Polynomial(0.5, end=2, frequency=1)


@pytest.mark.parametrize(
    "callback",
    [
        lambda: PruneLowMagnitude(ONE_UPDATE),
        lambda: PruneChannels(ONE_UPDATE),
        lambda: Distill(behind_a_relu()),
    ],
    ids=["weights", "channels", "teacher"],
)
class TestExampleThatIsNoNumber:
    x, y = np.ones((8, 4)), np.zeros(8, int)
    x[7, 0] = np.nan  # in the last batch, after which nothing is scored
    options = {"batch_size": 2, "shuffle": False, "verbose": 0}

    def test_is_said_after_its_epoch(self, callback):
        model = behind_a_relu()
        with pytest.raises(ValueError, match="finite weights, and '.*a/kernel' is not"):
            model.fit(self.x, self.y, callbacks=[callback()], **self.options)

    def test_is_left_to_who_has_stopped_the_run(self, callback):
        model = behind_a_relu()

        def stop(epoch, logs):
            model.stop_training = True

        stops = keras.callbacks.LambdaCallback(on_epoch_end=stop)
        model.fit(self.x, self.y, callbacks=[stops, callback()], **self.options)


def test_diverged_training_is_said():
    model = still(np.full((3, 4), np.nan))

    with pytest.raises(ValueError, match=r"d/kernel' must be finite.* diverged"):
        fit(model, PruneHighMagnitude(Constant(0.5)))
