import keras
import numpy as np
import pytest

from tfcompress.callbacks.rewind_weights import RewindWeights

X, Y = np.random.default_rng(0).normal(size=(2, 16, 3)).astype("float32")


def model(rate=0.1, **options):
    parts = [keras.layers.Dense(4), keras.layers.BatchNormalization()]
    model = keras.Sequential([keras.Input((3,)), *parts, keras.layers.Dense(3)])
    model.compile(keras.optimizers.Adam(rate), "mse", **options)
    return model


def fit(net, *callbacks, **options):
    options = {"batch_size": 4, "epochs": 3, "shuffle": False, "verbose": 0, **options}
    return net.fit(X, Y, callbacks=list(callbacks), **options)


class Copy(keras.callbacks.Callback):
    """What weights and optimizer are after each step."""

    def on_train_begin(self, logs=None):
        self.weights, self.optimizer = [self.model.get_weights()], []

    def on_train_batch_end(self, batch, logs=None):
        self.weights.append(self.model.get_weights())
        self.optimizer.append([v.numpy() for v in self.model.optimizer.variables])


def equal(first, second):
    return all((a == b).all() for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize(
    ("at", "step"), [(0, 0), (3, 3), ("1 epoch", 4), ("50%", 6), (12, 12)]
)
def test_restored_weights_are_those_of_the_step_to_the_bit(at, step):
    net, keep, copy = model(), RewindWeights(at), Copy()
    fit(net, keep, copy)
    keep.restore_weights()
    assert keep.step == step
    assert equal(net.get_weights(), copy.weights[step])
    assert int(net.optimizer.iterations) == step
    if step:
        now = [v.numpy() for v in net.optimizer.variables]
        assert equal(now, copy.optimizer[step - 1])


def test_run_that_is_rewound_goes_the_same_way_again():
    net, keep = model(), RewindWeights("1 epoch")
    fit(net, keep)
    end = net.get_weights()
    keep.restore_weights()
    fit(net, initial_epoch=1)
    assert equal(net.get_weights(), end)


def test_learning_rate_is_rewound_without_weights_and_moments():
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([8], [0.1, 0.01])
    net, keep = model(schedule), RewindWeights(4)
    fit(net, keep)
    end = net.get_weights()
    moments = [v.numpy() for v in net.optimizer.variables[2:]]
    keep.restore_learning_rate()
    assert equal(net.get_weights(), end)
    assert equal([v.numpy() for v in net.optimizer.variables[2:]], moments)
    assert int(net.optimizer.iterations) == 4
    assert float(net.optimizer.learning_rate) == pytest.approx(0.1)


def test_learning_rate_that_a_callback_has_set_is_rewound_too():
    halve = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    net, keep = model(), RewindWeights("1 epoch")
    fit(net, halve, keep)
    keep.restore_learning_rate()
    # That of the second epoch, whose beginning is where it is kept.
    assert float(net.optimizer.learning_rate) == pytest.approx(0.1 / 2, rel=0.51)


def test_weights_are_kept_once():
    net, keep = model(), RewindWeights()
    first = net.get_weights()
    fit(net, keep)
    fit(net, keep)
    keep.restore_weights()
    assert equal(net.get_weights(), first)


def test_with_several_steps_at_once_the_next_is_kept():
    net, keep = model(steps_per_execution=4), RewindWeights(2)
    fit(net, keep)
    assert keep.step == 4


def test_refusals():
    with pytest.raises(ValueError, match="`at` must be within the run of 12 steps"):
        fit(model(), RewindWeights(13))
    with pytest.raises(ValueError, match="`at` must not be before the first step of"):
        fit(model(), RewindWeights(1), initial_epoch=1)
    with pytest.raises(ValueError, match="`at` must be a step"):
        RewindWeights(-1)
    keep = RewindWeights()
    keep.set_model(model())
    with pytest.raises(ValueError, match="There are no weights to restore"):
        keep.restore_weights()


def test_config_round_trip():
    assert RewindWeights.from_config(RewindWeights("10%").get_config()).at == "10%"
