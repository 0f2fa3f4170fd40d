import itertools

import keras
import numpy as np
import pytest

from tfcompress.callbacks.lottery_ticket import LotteryTicket
from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.distributions.per_layer import PerLayer
from tfcompress.schedules.constant import Constant

X, Y = np.random.default_rng(0).normal(size=(2, 16, 10)).astype("float32")


def model(rate=0.05):
    head = keras.layers.Dense(10, name="head")
    model = keras.Sequential([keras.Input((10,)), keras.layers.Dense(8, "relu"), head])
    model.compile(keras.optimizers.Adam(rate), "mse")
    return model


def fit(net, *callbacks, **options):
    options = {"batch_size": 4, "epochs": 2, "shuffle": False, "verbose": 0, **options}
    return net.fit(X, Y, callbacks=list(callbacks), **options)


def kernels(net):
    return [layer.kernel.numpy() for layer in net.layers]


class Zeros(keras.callbacks.Callback):
    """Whether what a ticket has removed is zero after each step."""

    def __init__(self, ticket):
        super().__init__()
        self.ticket, self.seen = ticket, []

    def on_train_batch_end(self, batch, logs=None):
        pairs = zip(kernels(self.model), self.ticket.masks, strict=True)
        self.seen.append(all(not kernel[~mask].any() for kernel, mask in pairs))


def counts(ticket):
    return [int(mask.sum()) for mask in ticket.masks]


def test_each_round_keeps_its_exact_share_of_each_weight_and_nests():
    net, ticket, found = model(), LotteryTicket(0.2), []
    for _ in range(3):
        fit(net, ticket)
        found.append(ticket.masks)
    assert [[int(m.sum()) for m in masks] for masks in found] == [
        [64, 64], [51, 51], [41, 41]
    ]  # fmt: skip
    for before, after in itertools.pairwise(found):
        assert all((a <= b).all() for a, b in zip(after, before, strict=True))


def test_smallest_trained_weights_are_those_that_leave():
    net, ticket = model(), LotteryTicket(0.5, rewind=None)
    trained = []
    spy = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda e, logs: trained.append(kernels(net))
    )
    fit(net, spy, ticket)
    for kernel, mask in zip(trained[-1], ticket.masks, strict=True):
        assert np.abs(kernel[mask]).min() >= np.abs(kernel[~mask]).max()


def test_removed_weights_are_zero_after_every_step_of_the_next_rounds():
    net, ticket = model(), LotteryTicket(0.5)
    fit(net, ticket)
    zeros = Zeros(ticket)
    fit(net, ticket, zeros)
    assert zeros.seen == [True] * 8


@pytest.mark.parametrize("rewind_to", [0, 3])
def test_kept_weights_are_rewound_to_the_bit(rewind_to):
    net, ticket, steps = model(), LotteryTicket(0.5, rewind_to=rewind_to), []
    steps.append(kernels(net))
    spy = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: steps.append(kernels(net))
    )
    fit(net, ticket, spy)
    fit(net, ticket)
    for kernel, start, mask in zip(
        kernels(net), steps[rewind_to], ticket.masks, strict=True
    ):
        np.testing.assert_array_equal(kernel, start * mask)
    assert int(net.optimizer.iterations) == rewind_to


@pytest.mark.parametrize(("rewind", "iterations"), [("learning_rate", 2), (None, 8)])
def test_other_ways_keep_the_trained_weights(rewind, iterations):
    net, ticket = model(), LotteryTicket(0.5, rewind_to=2, rewind=rewind)
    ends = []
    spy = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda e, logs: ends.append(kernels(net))
    )
    fit(net, ticket, spy)
    for kernel, end, mask in zip(kernels(net), ends[-1], ticket.masks, strict=True):
        np.testing.assert_array_equal(kernel, end * mask)
    assert int(net.optimizer.iterations) == iterations


def test_a_layer_may_have_its_own_share():
    net = model()
    ticket = LotteryTicket(0.5, scope=PerLayer({"head": 0.1}))
    fit(net, ticket)
    fit(net, ticket)
    assert counts(ticket) == [20, 65]


def test_in_global_scope_all_weights_are_compared():
    net = model(rate=0.0)
    net.layers[0].kernel.assign(np.full((10, 8), 2.0))
    net.layers[1].kernel.assign(np.full((8, 10), 1.0))
    ticket = LotteryTicket(0.25, scope="global")
    fit(net, ticket)
    assert counts(ticket) == [80, 40]
    fit(net, ticket)
    assert counts(ticket) == [80, 10]


def test_without_a_fraction_a_round_only_trains():
    net, ticket = model(), LotteryTicket(0.5)
    fit(net, ticket)
    masks, before = ticket.masks, kernels(net)
    ticket.fraction = 0.0
    history = fit(net, ticket)
    assert ticket.masks == masks
    assert history.history["sparsity"] == [0.5, 0.5]
    assert any((a != b).any() for a, b in zip(kernels(net), before, strict=True))
    assert int(net.optimizer.iterations) == 8


def test_constraint_of_the_weight_is_its_own_again_after_fit():
    net, ticket = model(), LotteryTicket(0.5)
    fit(net, ticket)
    assert all(layer.kernel.constraint is None for layer in net.layers)


def test_model_can_be_saved_after_a_fit_that_ended_before_it_began(tmp_path):
    net = model()
    with pytest.raises(ValueError, match="incompatible|rank|shape"):
        net.fit(np.ones((4, 3)), np.ones((4, 10)), callbacks=[LotteryTicket(0.5)])
    other = model()
    LotteryTicket(0.5).set_model(other)
    for one in (net, other):
        one.save(tmp_path / "model.keras")


def test_refusals():
    for fraction in (1.0, -0.1, "half"):
        with pytest.raises(ValueError, match="`fraction` must be a number in"):
            LotteryTicket(fraction)
    with pytest.raises(ValueError, match="`rewind` must be one of 'weights'"):
        LotteryTicket(0.2, rewind="all")
    with pytest.raises(ValueError, match="`scope` must be one of"):
        LotteryTicket(0.2, scope="model")
    with pytest.raises(ValueError, match="`fraction` must leave something of each"):
        fit(model(), LotteryTicket(0.999))
    with pytest.raises(ValueError, match="pruned by another callback"):
        fit(model(), LotteryTicket(0.5), PruneLowMagnitude(Constant(0.5)))


def test_weights_that_are_not_finite_are_refused():
    net = model(rate=0.0)
    net.layers[0].kernel.assign(np.full((10, 8), np.nan))
    with pytest.raises(ValueError, match="Weights must be finite"):
        fit(net, LotteryTicket(0.5))


def test_run_that_ends_before_the_step_is_refused():
    stop = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: setattr(stop.model, "stop_training", True)
    )
    with pytest.raises(ValueError, match="no weights to restore"):
        fit(model(), LotteryTicket(0.5, rewind_to=6), stop)


@pytest.mark.parametrize(
    "scope", ["global", PerLayer({"head": 0.1})], ids=["global", "own"]
)
def test_config_round_trip(scope):
    ticket = LotteryTicket(0.3, rewind_to="10%", rewind=None, which="head", scope=scope)
    again = LotteryTicket.from_config(ticket.get_config())
    assert again.get_config() == ticket.get_config()
    assert again.scope == scope
