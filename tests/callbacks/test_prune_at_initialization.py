import keras
import numpy as np
import pytest
from linear import X, fit, mask, still

from tfcompress.callbacks.prune_at_initialization import PruneAtInitialization
from tfcompress.patterns.channel import Channel


def network(**options):
    hidden = keras.layers.Dense(20, "relu", name="hidden")
    model = keras.Sequential([keras.Input((2,)), hidden, keras.layers.Dense(5)])
    model.compile(**{"optimizer": "adam", "loss": "mse", **options})
    return model


def kernels(model):
    return [layer.kernel.numpy() for layer in model.layers]


def test_score_is_weight_times_the_gradient_of_all_batches_together():
    # The errors of the first two samples cancel those of the last two at input 2.
    model = still([[1], [1]])
    x = np.float32([[1, 1], [1, 1], [1, -1], [1, -1]])
    y = x @ [[1], [1]] - 1

    fit(model, PruneAtInitialization(0.5, batches=2), y, x=x)

    assert mask(model) == [[1], [0]]


def test_nothing_is_learnt_before_the_cut():
    seen, model = [], network()
    start = kernels(model)
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(kernels(model))
    )
    prune = PruneAtInitialization(0.5, batches=2)

    x, y = np.tile(X, (2, 1)), np.ones((8, 5))
    model.fit(x, y, batch_size=2, verbose=0, callbacks=[prune, watch])

    np.testing.assert_array_equal(seen[0][0], start[0])
    still_there = seen[1][0] != 0
    np.testing.assert_array_equal(seen[1][0][still_there], start[0][still_there])
    assert (seen[2][0] != seen[1][0]).any()
    assert int(model.optimizer.iterations) == 2  # of four steps


@pytest.mark.parametrize(
    "options", [{}, {"jit_compile": True}, {"steps_per_execution": 3}], ids=str
)
def test_share_is_that_of_all_weights_together(options):
    model = network(**options)

    x, y = np.tile(X, (4, 1)), np.ones((16, 5))
    prune = PruneAtInitialization(0.9)
    model.fit(x, y, batch_size=2, epochs=2, verbose=0, callbacks=[prune])

    assert sum(np.count_nonzero(kernel) for kernel in kernels(model)) == 14


def test_no_layer_is_cut_off():
    model = network()
    model.layers[1].set_weights([np.full((20, 5), 1e-6), np.zeros(5)])

    prune = PruneAtInitialization(0.95)
    model.fit(X, np.ones((4, 5)), verbose=0, callbacks=[prune])

    assert [np.count_nonzero(kernel) for kernel in kernels(model)] >= [1, 1]


def test_rescaled_kernel_has_the_second_moment_it_had():
    model = network(optimizer=keras.optimizers.SGD(0.0))
    before = [np.square(kernel).sum() for kernel in kernels(model)]

    prune = PruneAtInitialization(0.8, rescale=True)
    model.fit(X, np.ones((4, 5)), verbose=0, callbacks=[prune])

    after = [np.square(kernel).sum() for kernel in kernels(model)]
    np.testing.assert_allclose(after, before, rtol=1e-5)


def test_signal_of_a_deep_tanh_network_survives_only_if_rescaled():
    def last_moment(rescale):
        keras.utils.set_random_seed(0)
        hidden = [
            keras.layers.Dense(60, "tanh", kernel_initializer="lecun_normal")
            for _ in range(12)
        ]
        model = keras.Sequential([keras.Input((60,)), *hidden])
        model.compile(keras.optimizers.SGD(0.0), "mse")
        x = np.random.default_rng(0).normal(size=(64, 60))
        prune = PruneAtInitialization(0.9, rescale=rescale, scope="layer")
        model.fit(x, x, verbose=0, callbacks=[prune])
        return float(np.mean(np.square(model(x))))

    plain, rescaled = last_moment(False), last_moment(True)

    assert plain < 1e-3
    assert rescaled > 0.02


def test_second_run_goes_on_with_what_is_left():
    model, prune = network(), PruneAtInitialization(0.8, rescale=True)
    x, y = np.tile(X, (4, 1)), np.ones((16, 5))
    options = {"batch_size": 4, "verbose": 0, "callbacks": [prune]}
    model.fit(x, y, **options)
    removed = [kernel == 0 for kernel in kernels(model)]

    model.fit(x, y, epochs=2, initial_epoch=1, **options)

    for kernel, gone in zip(kernels(model), removed, strict=True):
        np.testing.assert_array_equal(kernel == 0, gone)


def test_config_round_trip():
    prune = PruneAtInitialization(0.9, batches=3, rescale=True, pattern=Channel())

    config = prune.get_config()

    assert PruneAtInitialization.from_config(config).get_config() == config
    assert config["sparsity"] == 0.9
    assert config["batches"] == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sparsity": 1.0}, r"`sparsity` must be a number in \[0, 1\)"),
        ({"batches": 0}, "`batches` must be a positive integer"),
        ({"rescale": 1}, "`rescale` must be True or False"),
    ],
)
def test_arguments_outside_their_range_are_refused(options, message):
    with pytest.raises((ValueError, TypeError), match=message):
        PruneAtInitialization(**{"sparsity": 0.5, **options})
