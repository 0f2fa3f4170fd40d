import keras
import numpy as np
import pytest

from tfcompress.callbacks.penalty_schedule import PenaltySchedule
from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.constraints.proximal_group_lasso import ProximalGroupLasso
from tfcompress.layers.drop_neuron_dense import DropNeuronDense
from tfcompress.regularizers.drop_neuron import DropNeuron
from tfcompress.regularizers.group_lasso import GroupLasso
from tfcompress.schedules.constant import Constant

KERNEL = np.float32([[30, 3], [40, 4]])  # columns of norm 50 and 5


def idle(jit_compile=False, steps_per_execution=1, **options):
    """A model whose loss has no gradient: only the penalty moves the kernel."""
    dense = keras.layers.Dense(2, use_bias=False, name="d", **options)
    model = keras.Sequential([keras.Input((2,)), dense])
    optimizer = keras.optimizers.SGD(1.0)
    execution = {"jit_compile": jit_compile, "steps_per_execution": steps_per_execution}
    model.compile(optimizer, "mse", **execution)
    dense.kernel.assign(KERNEL)
    return model


def fit(model, *callbacks, epochs=3, **options):
    x = np.zeros((4, 2))
    options = {"batch_size": 1, "verbose": 0, **options}
    return model.fit(x, x, epochs=epochs, callbacks=list(callbacks), **options)


def norms(model):
    return np.linalg.norm(model.layers[0].kernel.numpy(), axis=0)


# 12 steps; from step 4 to step 8: 0, 0.25, 0.5, 0.75, then 1.
RAMP = {"final": 1.0, "begin": "1 epoch", "end": 8}
SUM = 0 * 4 + (0 + 0.25 + 0.5 + 0.75) + 4


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("kind", ["regularizer", "constraint"])
def test_the_compiled_step_follows_the_schedule(kind, jit_compile):
    penalty = GroupLasso(7.0)
    if kind == "constraint":
        penalty = ProximalGroupLasso(7.0, learning_rate=1.0)
    model = idle(jit_compile, **{f"kernel_{kind}": penalty})

    fit(model, PenaltySchedule(**RAMP))

    np.testing.assert_allclose(norms(model)[0], 50 - SUM, rtol=1e-5)


def test_a_model_that_was_fitted_before_follows_it_too():
    model = idle(kernel_regularizer=GroupLasso(0.0))
    fit(model)

    fit(model, PenaltySchedule(**RAMP))

    np.testing.assert_allclose(norms(model)[0], 50 - SUM, rtol=1e-5)


def test_strength_is_a_number_again_after_fit():
    penalty = GroupLasso(7.0)
    model = idle(kernel_regularizer=penalty)
    seen = []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(penalty.get_config()["strength"])
    )

    fit(model, PenaltySchedule(**RAMP), watch)

    assert seen == [0.0, 1.0, 1.0]
    assert penalty.strength == 1.0
    assert type(penalty.strength) is float
    fit(model, epochs=1)  # the last strength holds without the callback
    np.testing.assert_allclose(norms(model)[0], 50 - SUM - 4, rtol=1e-5)


@pytest.mark.parametrize(
    ("options", "expected"),
    [({"power": 2.0}, 0.25), ({"power": 0.5}, 0.5**0.5), ({"initial": 3.0}, 2.0)],
)
def test_half_way(options, expected):
    schedule = PenaltySchedule(1.0, end="50%", **options)
    model = idle(kernel_regularizer=GroupLasso())

    fit(model, schedule, epochs=2)  # 8 steps: half way is step 2

    np.testing.assert_allclose(schedule.strength(2), expected)
    assert schedule.strength(4) == 1.0


def test_run_that_is_continued_goes_on_where_it_was():
    penalty = GroupLasso(7.0)
    model, schedule = idle(kernel_regularizer=penalty), PenaltySchedule(2.0, end="100%")
    fit(model, schedule, epochs=4)
    whole = norms(model)
    model.layers[0].kernel.assign(KERNEL)

    class Abort(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise InterruptedError

    with pytest.raises(InterruptedError):
        fit(model, schedule, Abort(), epochs=4)
    fit(model, schedule, epochs=4, initial_epoch=2)

    np.testing.assert_allclose(norms(model), whole, rtol=1e-5)


def test_history_has_the_strength():
    model = idle(kernel_regularizer=GroupLasso())
    history = fit(model, PenaltySchedule(**RAMP)).history
    assert history["strength"] == [0.0, 1.0, 1.0]


def test_another_attribute_is_named():
    penalty = DropNeuron(1.0, 7.0)
    model = idle(kernel_regularizer=penalty)

    fit(model, PenaltySchedule(3.0, attribute="outgoing"))

    assert (penalty.incoming, penalty.outgoing) == (1.0, 3.0)


def test_only_the_penalties_that_are_named_change():
    first, second = GroupLasso(7.0), GroupLasso(7.0)
    model = idle(kernel_regularizer=first, activity_regularizer=second)

    fit(model, PenaltySchedule(1.0, penalties=first))

    assert (first.strength, second.strength) == (1.0, 7.0)


def test_penalties_are_found_inside_other_objects_and_layers():
    inner = keras.Sequential([keras.Input((2,)), DropNeuronDense(2)])
    bidirectional = keras.layers.Bidirectional(
        keras.layers.LSTM(1, kernel_regularizer=GroupLasso(7.0, gates=4))
    )
    x = keras.Input((3, 2))
    model = keras.Model(x, bidirectional(keras.layers.TimeDistributed(inner)(x)))
    model.compile("sgd", "mse")

    data = np.zeros((2, 3, 2)), np.zeros((2, 2))
    model.fit(*data, epochs=1, verbose=0, callbacks=[PenaltySchedule(1.0)])

    assert inner.layers[0].step.penalty.strength == 1.0
    for side in (bidirectional.forward_layer, bidirectional.backward_layer):
        assert side.cell.kernel_regularizer.strength == 1.0


def test_constraint_under_the_mask_of_a_pruning_callback_is_found():
    constraint = ProximalGroupLasso(7.0, learning_rate=1.0)
    model = idle()
    model.layers[0].kernel.constraint = constraint

    fit(model, PruneLowMagnitude(Constant(0.25)), PenaltySchedule(**RAMP))

    np.testing.assert_allclose(constraint.penalty.strength, 1.0)
    np.testing.assert_allclose(norms(model)[0], 50 - SUM, rtol=1e-5)


class Gate(keras.layers.Layer):
    """A layer with a penalty of its own, as the kernels with gates have."""

    def build(self, input_shape):
        self.strength = self.add_weight(shape=(), trainable=False, initializer="ones")

    def call(self, x):
        self.add_loss(self.strength)
        return x


def test_strength_that_is_a_variable_of_a_layer_is_assigned():
    gate, dense = Gate(), keras.layers.Dense(2)
    model = keras.Sequential([keras.Input((2,)), gate, dense])
    model.compile("sgd", "mse", jit_compile=True)

    history = fit(model, PenaltySchedule(2.0, end="2 epochs"), epochs=3).history

    assert history["loss"][-1] >= 2
    assert float(gate.strength) == 2.0
    assert isinstance(gate.strength, keras.Variable)


def test_layer_that_has_a_mere_number_is_told_to_have_a_variable():
    layer = keras.layers.Dense(2)
    layer.strength = 1.0
    model = keras.Sequential([keras.Input((2,)), layer])
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="`strength` must be a variable of the layer"):
        fit(model, PenaltySchedule(1.0))


def test_attribute_that_nothing_has_is_refused():
    with pytest.raises(ValueError, match="`attribute` must name what some regularizer"):
        fit(idle(kernel_regularizer="l2"), PenaltySchedule(1.0))


def test_penalty_without_the_attribute_is_refused():
    with pytest.raises(ValueError, match="`penalties` must have a number `strength`"):
        PenaltySchedule(1.0, penalties=keras.regularizers.L2())


@pytest.mark.parametrize("positions", [{"end": 13}, {"begin": 5, "end": 4}])
def test_end_outside_the_run_is_refused(positions):
    with pytest.raises(ValueError, match="`end` must lie between `begin`"):
        fit(idle(kernel_regularizer=GroupLasso()), PenaltySchedule(1.0, **positions))


@pytest.mark.parametrize(
    ("name", "value"), [("final", -1.0), ("initial", None), ("power", 0)]
)
def test_numbers_are_checked(name, value):
    with pytest.raises(ValueError, match=f"`{name}` must be a number in"):
        PenaltySchedule(**{"final": 1.0, name: value})


def test_jax_is_refused(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(RuntimeError, match="TensorFlow or torch backend"):
        PenaltySchedule(1.0).on_train_begin()
