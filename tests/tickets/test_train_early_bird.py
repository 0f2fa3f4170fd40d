import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.callbacks.early_bird import EarlyBird
from tfcompress.tickets.train_early_bird import train_early_bird

X = np.random.default_rng(0).normal(size=(16, 4)).astype("float32")
Y = X[:, :2] * 2


def network(optimizer):
    parts = [layers.Dense(8, name="a"), layers.BatchNormalization(), layers.ReLU()]
    model = keras.Sequential([keras.Input((4,)), *parts, layers.Dense(2)])
    model.compile(optimizer, "mse", metrics=["mae"])
    return model


def train(model, bird, **options):
    options = {"x": X, "y": Y, "epochs": 5, "batch_size": 8, "verbose": 0, **options}
    return train_early_bird(model, bird, **options)


def test_small_model_goes_on_where_the_large_one_stopped():
    model = network(keras.optimizers.SGD(0.0, momentum=0.5))
    model.layers[1].gamma.assign([1, 8, 2, 3, 7, 4, 5, 6])
    epochs = []
    seen = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: epochs.append(
            (epoch, seen.model.layers[0].units)
        )
    )
    training = train(model, EarlyBird(0.75, patience=2), callbacks=[seen])
    assert epochs == [(0, 8), (1, 8), (2, 2), (3, 2), (4, 2)]
    assert training.model.layers[1].gamma.numpy() == pytest.approx([8, 7])
    kept = model.layers[0].kernel.numpy()[:, [1, 4]]
    np.testing.assert_array_equal(training.model.layers[0].kernel, kept)
    assert int(training.model.optimizer.iterations) == 10
    assert model.layers[0].units == 8
    assert {name: len(values) for name, values in training.history.items()} == {
        "loss": 5, "mae": 5, "mask_distance": 2
    }  # fmt: skip
    assert all(seconds > 0 for seconds in training.seconds)


def test_widths_are_rounded_up_with_the_best_of_those_that_would_go():
    model = network(keras.optimizers.SGD(0.0))
    gamma = [1.0, 8, 2, 3, 7, 4, 5, 6]
    model.layers[1].gamma.assign(gamma)

    training = train(model, EarlyBird(0.75, patience=2), round_to=4)

    kept = training.model.layers[1].gamma.numpy()
    assert training.model.layers[0].units == len(kept) == 4
    assert {8, 7} < set(kept)


def test_moments_of_the_optimizer_go_along():
    model = network(keras.optimizers.Adam(0.01))
    bird = EarlyBird(0.5, patience=2)
    training = train(model, bird, epochs=2)  # none are left for the small one
    slots = {v.name.rpartition("_")[2]: v for v in model.optimizer.variables[2:4]}
    small = {
        v.name.rpartition("_")[2]: v for v in training.model.optimizer.variables[2:4]
    }
    for name, slot in slots.items():
        kept = slot.numpy()[:, bird.keep["a"]]
        np.testing.assert_array_equal(small[name].numpy(), kept)
        assert kept.any()


def test_without_a_draw_there_is_a_warning_and_the_model_itself():
    model = network("sgd")
    with pytest.warns(UserWarning, match="No ticket was drawn in 5 epochs"):
        training = train(model, EarlyBird(0.5, patience=6))
    assert training.model is model
    assert training.early_bird.ticket is None
    assert len(training.history["loss"]) == 5


def test_refusals():
    with pytest.raises(TypeError, match="`early_bird` must be a"):
        train(network("sgd"), 0.5)
    with pytest.raises(ValueError, match="`early_bird.stop` must be True"):
        train(network("sgd"), EarlyBird(0.5, stop=False))
