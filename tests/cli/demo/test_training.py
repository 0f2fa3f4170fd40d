import keras
import numpy as np

from tfcompress.cli.demo.training import copy, mlp, train


def test_network_has_the_widths_it_is_given(data):
    model = mlp(data, [5, 3])
    assert model.count_params() == (64 * 5 + 5) + (5 * 3 + 3) + (3 * 10 + 10)


def test_training_makes_it_better_and_runs_the_callbacks(data, settings):
    class Count(keras.callbacks.Callback):
        epochs = 0

        def on_epoch_end(self, epoch, logs=None):
            self.epochs += 1

    count = Count()
    model = train(mlp(data, [32]), data, settings, count, share=1 / 2)

    guesses = model.predict(data.x_test, verbose=0).argmax(-1)
    assert np.mean(guesses == data.y_test) > 0.5
    assert count.epochs == 1  # half of two


def test_copy_has_the_weights_and_shares_none(data):
    model = mlp(data, [4])
    twin = copy(model)
    for ours, theirs in zip(twin.weights, model.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert ours is not theirs
