import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.callbacks.channel_scores.channel_score import ChannelScore
from tfcompress.callbacks.prune_channels import PruneChannels
from tfcompress.schedules.constant import Constant
from tfcompress.schedules.one_shot import OneShot
from tfcompress.schedules.polynomial import Polynomial
from tfcompress.surgery.groups import coupled_groups
from tfcompress.surgery.shrink import shrink

X = np.random.default_rng(1).normal(size=(16, 4, 4, 3)).astype("float32")
Y = np.random.default_rng(2).normal(size=(16, 2)).astype("float32")


def network(optimizer="sgd", **options):
    """A residual stream of 8 channels, and a branch of 6 inside it."""
    inputs = keras.Input((4, 4, 3))
    x = layers.Conv2D(8, 3, padding="same", name="stem")(inputs)
    x = stream = layers.ReLU()(layers.BatchNormalization(name="norm_0")(x))
    x = layers.Conv2D(6, 3, padding="same", name="inner", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization(name="norm_1")(x))
    x = layers.DepthwiseConv2D(3, padding="same", name="depthwise")(x)
    x = layers.Conv2D(8, 1, name="outer")(layers.BatchNormalization(name="norm_2")(x))
    x = layers.BatchNormalization(name="norm_3")(x)
    x = layers.Flatten()(layers.Add()([stream, x]))
    model = keras.Model(inputs, layers.Dense(2, name="head")(x))
    model.compile(optimizer, "mse", **options)
    return model


def chain(*hidden, optimizer=None):
    parts = [keras.Input((4,)), *hidden, layers.Dense(2, name="head")]
    model = keras.Sequential(parts)
    model.compile(optimizer or keras.optimizers.SGD(0.0), "mse")
    return model


def fit(model, *callbacks, x=X, y=Y, **options):
    options = {"batch_size": 4, "epochs": 2, "verbose": 0, "shuffle": False, **options}
    return model.fit(x, y, callbacks=list(callbacks), **options)


def alive(model):
    """The channels of each free group that have a weight anywhere, asked of each."""
    found = {}
    for group in coupled_groups(model):
        if group.is_free:
            rows = []
            for member in [*group.roles("makes"), *group.roles("carries")]:
                if member.variable.trainable:
                    rows.append(member.norms(group.size) > 0)
            found[group.name] = np.array(rows)
    return found


@pytest.mark.parametrize(
    ("by", "options"),
    [
        ("norm", {}),
        ("bn_scale", {"steps_per_execution": 3}),
        ("taylor", {"jit_compile": True}),
        ("taylor", {"optimizer": "accumulating"}),
        ("activation", {"jit_compile": True, "steps_per_execution": 3}),
    ],
    ids=str,
)
def test_a_channel_leaves_from_all_layers_that_share_it(by, options):
    options = dict(options)
    if "optimizer" in options:
        options["optimizer"] = keras.optimizers.Adam(gradient_accumulation_steps=2)
    model = network(**options)
    prune = PruneChannels(OneShot(0.5, at=2), by)

    fit(model, prune)

    for name, rows in alive(model).items():
        kept = prune.summary()[name]["kept"]
        assert kept == {"stem": 4, "inner": 3}[name]
        assert (rows.any(axis=0) == rows[0]).all()
        assert rows[0].sum() == kept
    stream = keras.Model(model.inputs[0], model.get_layer("head").input)
    outputs = stream(X).numpy().reshape(-1, 8)
    assert (np.abs(outputs).max(axis=0) > 0).sum() == 4


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_shrunk_model_has_the_same_outputs(activation):
    model = network()
    model.get_layer("outer").activation = keras.activations.get(activation)
    fit(model, PruneChannels(Constant(0.5)))

    small = shrink(model)

    assert small.get_layer("stem").filters == 4
    assert small.get_layer("inner").filters == 3
    np.testing.assert_allclose(small(X), model(X), atol=1e-5)


def test_mixed_precision():
    keras.config.set_dtype_policy("mixed_float16")
    for by in ("taylor", "activation"):
        prune = PruneChannels(Constant(0.5), by)
        history = fit(network(), prune, epochs=1).history
        assert history["sparsity"] == [0.5]


def test_a_layer_is_never_removed_as_a_whole():
    model = network()
    fit(model, PruneChannels(Constant(0.99)))
    assert [rows[0].sum() for rows in alive(model).values()] == [1, 1]


def test_global_scope_compares_the_channels_of_all_groups():
    model = chain(
        layers.Dense(4, use_bias=False, name="a"),
        layers.Dense(4, use_bias=False, name="b"),
    )
    # Norms 1 to 4 in the first, 7 to 10 in the second, so relative 0.37 ... and 0.8 ...
    model.get_layer("a").kernel.assign(np.diag([1.0, 2, 3, 4]))
    model.get_layer("b").kernel.assign(np.diag([7.0, 8, 9, 10]))
    prune = PruneChannels(Constant(3 / 8), scope="global")

    fit(model, prune, x=X[:, 0, 0, [0, 1, 2, 0]])

    # Roots of the mean square 2.74 and 8.57: relative 0.37, 0.73, 1.1, 1.5 and
    # 0.82, 0.93, 1.1, 1.2.
    assert [row["kept"] for row in prune.summary().values()] == [2, 3]


def test_removed_channels_stay_removed_when_a_model_is_fitted_again():
    model = network()
    fit(model, PruneChannels(Constant(0.5)))
    before = alive(model)

    history = fit(model, PruneChannels(Constant(0.0))).history

    assert history["sparsity"] == [0.5, 0.5]
    after = alive(model)
    assert all((after[name] == before[name]).all() for name in before)


def test_units_of_a_recurrent_layer_stay_silent():
    model = keras.Sequential(
        [keras.Input((5, 3)), layers.LSTM(6, name="l"), layers.Dense(2)]
    )
    model.compile("adam", "mse")
    x = X.reshape(16, 16, 3)[:, :5]

    fit(model, PruneChannels(Constant(0.5)), x=x)

    outputs = model.get_layer("l")(x).numpy()
    assert (np.abs(outputs).max(axis=0) > 0).sum() == 3
    small = shrink(model)
    assert small.get_layer("l").units == 3
    np.testing.assert_allclose(small(x), model(x), atol=1e-5)


def test_which_names_groups_by_any_of_their_layers():
    model, prune = network(), PruneChannels(Constant(0.5), which="out*")
    fit(model, prune)
    assert list(prune.summary()) == ["stem"]
    assert prune.summary()["stem"]["remark"] == "outer"


class Last(ChannelScore):
    """The last channels first."""

    def scores(self, group):
        return -np.arange(group.size)


def test_a_score_of_your_own():
    model = chain(layers.Dense(4, name="a"))
    fit(model, PruneChannels(Constant(0.5), Last()), x=X[:, 0, 0, [0, 1, 2, 0]])
    kernel = model.get_layer("a").kernel.numpy()
    assert kernel.any(axis=0).tolist() == [True, True, False, False]


@pytest.mark.parametrize("by", ["taylor", "activation"])
def test_what_looked_at_the_batches_is_gone_after_fit(by):
    model = network()
    own = [type(layer) for layer in model.layers]
    prune = PruneChannels(Constant(0.5), by)

    fit(model, prune, validation_data=(X, Y))

    assert not [layer.name for layer in model.layers if "call" in vars(layer)]
    assert model.optimizer.apply.__self__ is model.optimizer
    assert [type(layer) for layer in model.layers] == own
    assert all(v.constraint is None for v in model.trainable_variables)


def test_config_round_trip():
    prune = PruneChannels(Constant(0.5), "taylor", which="a", scope="global")
    again = PruneChannels.from_config(prune.get_config())
    assert again.get_config() == prune.get_config()


def test_channels_of_the_outputs_are_refused_with_the_reason():
    with pytest.raises(
        ValueError, match=r"`which` must name .*head: outputs of the mo"
    ):
        fit(network(), PruneChannels(Constant(0.5), which="head"))


def test_frozen_layers_are_refused():
    model = network()
    model.get_layer("inner").trainable = False
    with pytest.raises(ValueError, match="inner' is frozen"):
        fit(model, PruneChannels(Constant(0.5), which="inner"))


def test_names_of_nothing_are_refused():
    with pytest.raises(ValueError, match="`which` must name .* There are: stem, inner"):
        fit(network(), PruneChannels(Constant(0.5), which="absent"))


def test_scores_are_known_by_name():
    with pytest.raises(ValueError, match="`by` must be one of 'norm', 'bn_scale'"):
        PruneChannels(Constant(0.5), "size")


def test_model_without_free_channels_is_refused():
    with pytest.raises(ValueError, match="`model` must have channels that can leave"):
        fit(chain(), PruneChannels(Constant(0.5)), x=X[:, 0, 0, [0, 1, 2, 0]])


def test_diverged_training_is_said():
    model = chain(layers.Dense(4, name="a", kernel_initializer="ones"))
    model.get_layer("a").kernel.assign(np.full((4, 4), np.nan))
    with pytest.raises(ValueError, match="scores of 'a' must be finite"):
        fit(model, PruneChannels(Constant(0.5)), x=X[:, 0, 0, [0, 1, 2, 0]])


@pytest.mark.parametrize("by", ["taylor", "activation"])
def test_a_resumed_run_knows_the_batches_before_the_backup(by, tmp_path):
    """The masks are due in the midst of an epoch, and of all batches since the last."""

    def fitted(epochs, *callbacks):
        keras.utils.set_random_seed(1)
        dense = [keras.layers.Dense(12, "relu", name="a"), keras.layers.Dense(1)]
        model = keras.Sequential([keras.Input((4,)), *dense])
        model.compile(keras.optimizers.Adam(0.05), "mse")
        x = np.random.default_rng(0).normal(size=(32, 4)).astype("float32")
        x[16:, 2:] *= 8  # what is lost is not what is seen
        ramp = Polynomial(0.75, end=12, frequency=6)
        prune = PruneChannels(ramp, by)
        options = {"batch_size": 8, "shuffle": False, "verbose": 0}
        options["callbacks"] = [*callbacks, prune]
        model.fit(x, x[:, :1] ** 2, epochs=epochs, **options)
        return model.layers[0].kernel.numpy()

    class Cut(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                raise InterruptedError

    def backup():
        return keras.callbacks.BackupAndRestore(tmp_path, delete_checkpoint=False)

    with pytest.raises(InterruptedError):
        fitted(4, backup(), Cut())
    np.testing.assert_array_equal(fitted(4, backup()), fitted(4))
