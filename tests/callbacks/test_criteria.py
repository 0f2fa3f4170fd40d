"""What holds for every pruning callback, whatever its score."""

import itertools
import json

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tfcompress.callbacks.masked_weight import MaskedWeight
from tfcompress.callbacks.prune_at_initialization import PruneAtInitialization
from tfcompress.callbacks.prune_by_gradient import PruneByGradient
from tfcompress.callbacks.prune_by_movement import PruneByMovement
from tfcompress.callbacks.prune_by_saliency import PruneBySaliency
from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.callbacks.prune_randomly import PruneRandomly
from tfcompress.callbacks.regrow_by_gradient import RegrowByGradient
from tfcompress.callbacks.regrow_randomly import RegrowRandomly
from tfcompress.distributions.erdos_renyi import ErdosRenyi
from tfcompress.distributions.per_layer import PerLayer
from tfcompress.patterns.block import Block
from tfcompress.patterns.channel import Channel
from tfcompress.patterns.n_of_m import NofM
from tfcompress.patterns.unstructured import Unstructured
from tfcompress.schedules.constant import Constant
from tfcompress.schedules.one_shot import OneShot
from tfcompress.schedules.polynomial import Polynomial

X = np.random.default_rng(1).normal(size=(64, 8)).astype("float32")
Y = np.random.default_rng(2).normal(size=(64, 4)).astype("float32")

SCORES = [
    PruneLowMagnitude,
    PruneByGradient,
    PruneByMovement,
    PruneBySaliency,
    PruneRandomly,
]
GROWING = [RegrowRandomly, RegrowByGradient]


def network(**options):
    hidden = keras.layers.Dense(20, "relu", name="hidden")
    head = keras.layers.Dense(4, name="head")
    model = keras.Sequential([keras.Input((8,)), hidden, head])
    model.compile(**{"optimizer": "adam", "loss": "mse", **options})
    return model


def fit(model, *callbacks, epochs=2, **options):
    options = {"batch_size": 8, "verbose": 0, "shuffle": False, **options}
    return model.fit(X, Y, epochs=epochs, callbacks=list(callbacks), **options)


def kernels(model):
    return [v.numpy() for v in model.trainable_variables if len(v.shape) > 1]


def kept(model):
    return [int(np.count_nonzero(kernel)) for kernel in kernels(model)]


def ramp(final=0.75):
    return Polynomial(final, end="70%", frequency=3)


each = pytest.mark.parametrize("method", SCORES, ids=lambda m: m.__name__)
by_gradient = pytest.mark.parametrize(
    "method", [PruneByGradient, RegrowByGradient], ids=lambda m: m.__name__
)
every = pytest.mark.parametrize("method", SCORES + GROWING, ids=lambda m: m.__name__)


@every
def test_the_count_of_each_weight_is_exact(method):
    model = network()

    fit(model, method(ramp()))

    assert kept(model) == [40, 20]


@each
def test_what_is_removed_stays_removed(method):
    masks, model = [], network()
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: masks.append(kernels(model)[0] != 0)
    )

    fit(model, method(ramp()), watch)

    assert all((after <= before).all() for before, after in itertools.pairwise(masks))
    assert masks[0].sum() > masks[-1].sum()


@each
def test_the_kept_score_no_less_than_the_removed(method):
    class Recording(method):
        def _cut(self, weights, sparsity):
            self.seen = [np.array(self.scores(w.variable)) for w in weights]
            super()._cut(weights, sparsity)
            self.result = [w.kept for w in weights]

    prune = Recording(OneShot(0.6, at=5), scope="global")
    fit(network(), prune)

    scores = np.concatenate([one.ravel() for one in prune.seen])
    mask = np.concatenate([one.ravel() for one in prune.result])
    assert scores[mask].min() >= scores[~mask].max()
    assert mask.sum() == round(240 * 0.4)


@by_gradient
def test_holds_in_compiled_executions_of_several_steps(method):
    model = network(jit_compile=True, steps_per_execution=3)

    fit(model, method(ramp()))

    assert kept(model) == [40, 20]


@by_gradient
def test_holds_in_mixed_precision(method):
    keras.config.set_dtype_policy("mixed_float16")
    model = network()

    fit(model, method(ramp()))

    assert kept(model) == [40, 20]


@every
def test_same_seed_gives_the_same_masks(method):
    first, second = network(), network()
    second.set_weights(first.get_weights())

    fit(first, method(ramp()))
    fit(second, method(ramp()))

    for one, other in zip(kernels(first), kernels(second), strict=True):
        np.testing.assert_array_equal(one != 0, other != 0)


@by_gradient
@pytest.mark.parametrize("pattern", [Block((4, 1)), Channel()], ids=str)
def test_groups_go_as_one(method, pattern):
    model = network()

    fit(model, method(ramp(), pattern=pattern))

    assert kept(model) == [40, 20]
    for kernel in kernels(model):
        share = pattern.reduce(kernel != 0, np.mean)
        assert set(share.ravel()) == {0, 1}


@each
def test_two_of_four_is_exact_in_every_group(method):
    model = network()

    fit(model, method(ramp(0.5), pattern=NofM(2, 4)))

    for kernel in kernels(model):
        assert ((kernel != 0).reshape(-1, 4, kernel.shape[1]).sum(1) == 2).all()


@by_gradient
def test_runs_twice_and_leaves_the_model_as_it_was(method):
    model, prune = network(), method(ramp())
    apply = model.optimizer.apply

    fit(model, prune)
    fit(model, prune)

    assert kept(model) == [40, 20]
    assert model.optimizer.apply == apply
    assert all(v.constraint is None for v in model.trainable_variables)


@by_gradient
def test_run_after_an_aborted_one_is_clean(method):
    def stop(batch, logs):
        raise InterruptedError

    model = network()
    apply, prune = model.optimizer.apply, method(ramp())
    with pytest.raises(InterruptedError):
        fit(model, prune, keras.callbacks.LambdaCallback(on_train_batch_end=stop))

    fit(model, prune)

    assert kept(model) == [40, 20]
    assert model.optimizer.apply == apply


@every
def test_callback_is_what_its_config_says(method):
    prune = method(ramp(), which="head", pattern=Block((4, 1)), scope=ErdosRenyi())

    config = json.loads(json.dumps(prune.get_config()))
    other = method.from_config(config)

    assert other.get_config() == prune.get_config()
    assert (other.pattern, other.scope) == (Block((4, 1)), ErdosRenyi())


def test_each_layer_has_its_own_sparsity():
    model = network()

    fit(model, PruneLowMagnitude(ramp(0.75), scope=PerLayer({"head": 0.5})))

    assert kept(model) == [40, 40]


def test_each_layer_is_as_far_on_its_way_as_the_others():
    seen, model = [], network()
    schedule = Polynomial(0.8, end="2 epochs", frequency=1)
    prune = PruneLowMagnitude(schedule, scope=PerLayer({"head": 0.4}))
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(kept(model))
    )

    fit(model, prune, watch)

    # Half of the way along the cubic ramp: 7/8 of 0.8 and of 0.4.
    assert seen == [[160 - 112, 80 - 28], [160 - 128, 80 - 32]]


def test_model_of_no_parameters_that_train_is_refused():
    model = network()
    model.trainable = False

    with pytest.raises(ValueError, match="`model` must have trainable kernels"):
        fit(model, PruneLowMagnitude(ramp()))


@pytest.mark.filterwarnings("ignore:Layer InputLayer does not have")  # Keras's own
def test_quantized_model_is_refused():
    model = network()
    model.quantize("int8")
    model.compile("adam", "mse")

    with pytest.raises(ValueError, match=r"is int8. Prune first, quantize then"):
        fit(model, PruneLowMagnitude(ramp()))


def test_distribution_needs_a_schedule_with_an_end():
    prune = PruneLowMagnitude(lambda step: (True, 0.5), scope=ErdosRenyi())

    with pytest.raises(ValueError, match="`schedule` must have an end"):
        fit(network(), prune)


def test_n_of_m_needs_a_schedule_that_ends_at_its_sparsity():
    prune = PruneLowMagnitude(ramp(0.75), pattern=NofM(2, 4))

    with pytest.raises(ValueError, match=r"`schedule` must end at 0.5.*0.75"):
        fit(network(), prune)


@pytest.mark.parametrize("method", [PruneByGradient, PruneAtInitialization])
def test_sparsity_of_one_is_refused(method):
    with pytest.raises(ValueError, match=r"must be a number in \[0, 1\)"):
        method(1.0 if method is PruneAtInitialization else Constant(1.0))


@settings(max_examples=20, deadline=None)
@given(
    sparsity=st.floats(0.01, 0.99),
    shape=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    seed=st.integers(0, 2**31),
    different=st.integers(1, 4),
)
def test_any_kernel_loses_exactly_its_share_from_below(
    sparsity, shape, seed, different
):
    random = np.random.default_rng(seed)
    # Few different values, none of them zero: many are equal to others.
    sizes = random.integers(1, different + 1, size=shape)
    kernel = (sizes * random.choice([-1, 1], shape)).astype("float32")

    first, again = (_cut(kernel, sparsity) for _ in range(2))

    assert first.sum() == max(round(kernel.size * (1 - sparsity)), 1)
    assert sizes[first].min() >= sizes[~first].max(initial=0)
    np.testing.assert_array_equal(first, again)


def _cut(kernel, sparsity):
    weight = MaskedWeight(keras.Variable(kernel), Unstructured(), None)
    PruneLowMagnitude(ramp())._cut([weight], sparsity)
    return weight.kept
