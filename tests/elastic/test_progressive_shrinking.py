import keras
import numpy as np
import pytest

from tfcompress.callbacks.distill import Distill
from tfcompress.elastic.activate import activate, stages
from tfcompress.elastic.progressive_shrinking import ProgressiveShrinking
from tfcompress.elastic.take import take


@pytest.fixture
def compiled(network):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile("sgd", loss)
    return network


class Watch(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.trained, self.tested, self.ended = [], [], []

    def settings(self):
        return [stage.setting for stage in stages(self.model).values()]

    def on_train_batch_begin(self, batch, logs=None):
        self.trained.append(self.settings())

    def on_test_batch_begin(self, batch, logs=None):
        self.tested.append(self.settings())

    def on_epoch_end(self, epoch, logs=None):
        self.ended.append(self.settings())


def test_sizes_become_free_one_after_the_other_and_stay_free(compiled, x):
    watch, y = Watch(), np.arange(6) % 3
    largest = [stage.largest for stage in stages(compiled).values()]

    compiled.fit(
        x, y, batch_size=1, epochs=5, verbose=0, validation_data=(x, y),
        callbacks=[ProgressiveShrinking(depths="2 epochs", widths=20), watch],
    )  # fmt: skip

    first, then, last = watch.trained[:12], watch.trained[12:20], watch.trained[20:]

    def drawn(steps, size):
        return [{getattr(s[i], size) for s in steps} for i in range(2)]

    assert drawn(first, "kernel_size") == [{3, 5}, {3, 5}]
    assert drawn(first, "depth") == [{2}, {2}]
    assert drawn(then, "depth") == [{1, 2}, {1, 2}]
    assert drawn(then, "width") == [{4}, {8}]
    assert drawn(last, "width") == [{2, 4}, {4, 8}]
    assert any(a.depth != b.depth for a, b in last)  # each stage draws its own
    assert all(settings == largest for settings in watch.tested)
    assert watch.settings() == largest


def test_the_largest_is_in_use_when_an_epoch_ends_and_after_fit(compiled, x):
    watch, largest = Watch(), [stage.largest for stage in stages(compiled).values()]
    callback = ProgressiveShrinking(depths=0, widths=0)

    compiled.fit(
        x, np.arange(6) % 3, epochs=3, verbose=0, callbacks=[callback, watch]
    )  # no validation, which would bring it into use too

    assert any(settings != largest for settings in watch.trained)
    assert [*watch.ended, watch.settings()] == 4 * [largest]


def test_the_largest_teaches_the_others(compiled, x):
    largest = take(compiled)
    history = compiled.fit(
        x,
        np.arange(6) % 3,
        batch_size=1,
        verbose=0,
        callbacks=[ProgressiveShrinking(), Distill(largest, alpha=0.9)],
    ).history
    assert history["distillation_loss"][0] > 0


def test_outputs_are_the_same_when_a_run_begins(compiled, x):
    before = compiled(x).numpy()
    compiled.optimizer.learning_rate = 0.0
    activate(compiled)
    compiled.fit(x, np.arange(6) % 3, verbose=0, callbacks=[ProgressiveShrinking()])
    np.testing.assert_allclose(compiled(x), before, atol=1e-5)
    for stage in stages(compiled).values():  # but the largest channels are the first
        sizes = np.abs(stage.blocks[0]["kernel"].numpy()).sum((0, 1, 2))
        assert (np.diff(sizes) <= 0).all()


def test_the_same_seed_draws_the_same(compiled, x):
    drawn = []
    for seed in (1, 1, 2):
        watch, callback = Watch(), ProgressiveShrinking(depths=0, widths=0, seed=seed)
        compiled.fit(
            x, np.arange(6) % 3, batch_size=1, verbose=0, callbacks=[callback, watch]
        )
        drawn.append(watch.trained)
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("name", ["kernel_sizes", "depths", "widths"])
def test_positions_that_are_none_are_refused(name):
    with pytest.raises(ValueError, match=f"`{name}` must be a step"):
        ProgressiveShrinking(**{name: "soon"})
