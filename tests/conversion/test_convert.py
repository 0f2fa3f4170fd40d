import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.conversion.convert import convert
from tfcompress.kernels.binary import Binary
from tfcompress.kernels.full import Full
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.compressed_lstm import CompressedLSTM
from tfcompress.layers.hashed_dense import HashedDense


def branched():
    """A shared layer, a skip connection, a raw operation and a nested model."""
    inputs = keras.Input((8,), name="features")
    shared = layers.Dense(8, "relu", name="shared")
    x = shared(shared(inputs))
    x = layers.Add(name="add")([x, inputs]) * 2.0
    inner = keras.Sequential(
        [
            keras.Input((8,)),
            layers.Dense(6, name="inside"),
            layers.BatchNormalization(),
        ],
        name="inner",
    )
    outputs = layers.Dense(3, "softmax", name="head")(inner(x))
    return keras.Model({"features": inputs}, outputs, name="branched")


def convolutional(**options):
    return keras.Sequential(
        [
            keras.Input((9, 9, 4)),
            layers.Conv2D(6, 3, **options, name="conv"),
            layers.Flatten(name="flatten"),
            layers.Dense(3, name="head"),
        ]
    )


@pytest.fixture
def x(rng):
    return rng.normal(size=(5, 8)).astype("float32")


FULL_RANK = LowRank(energy=1.0, must_pay=False)


@pytest.mark.parametrize("kernel", [Full(), FULL_RANK], ids=["Full", "LowRank"])
def test_exact_kernels_give_the_same_outputs(kernel, x):
    model = branched()
    model.get_layer("inner").layers[-1].set_weights(
        [np.full(6, v) for v in (2, 1, 3, 4)]
    )
    converted = convert(model, {layers.Dense: kernel})
    np.testing.assert_allclose(
        converted({"features": x}), model({"features": x}), atol=1e-5
    )
    assert type(converted.get_layer("inner").get_layer("inside")) is CompressedDense


@pytest.mark.parametrize("kernel", [Full(), FULL_RANK], ids=["Full", "LowRank"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"strides": 2, "padding": "same"},
        {"dilation_rate": 2, "use_bias": False},
        {"groups": 2, "activation": "relu"},
    ],
    ids=str,
)
def test_exact_kernels_give_the_same_convolution(kernel, options, rng):
    model = convolutional(**options)
    converted = convert(model, {layers.Conv2D: kernel})
    x = rng.normal(size=(2, 9, 9, 4)).astype("float32")
    np.testing.assert_allclose(converted(x), model(x), atol=1e-5)
    assert type(converted.get_layer("conv")) is CompressedConv2D


def test_names_of_layers_and_inputs_are_kept():
    model = branched()
    converted = convert(model, {"head": Full()})
    assert [layer.name for layer in converted.layers] == [
        layer.name for layer in model.layers
    ]
    assert converted.name == "branched"
    assert list(converted.input) == ["features"]
    assert converted.input["features"].name == model.input["features"].name


def test_a_shared_layer_stays_shared():
    converted = convert(branched(), {"shared": Hashed(ratio=0.5)})
    assert sum(layer.name == "shared" for layer in converted.layers) == 1
    assert len(converted.get_layer("shared").weights) == 2


def test_layers_that_no_rule_names_keep_their_weights_bit_by_bit():
    model = branched()
    converted = convert(model, {"head": Hashed(ratio=0.5)})
    for name in ("shared", "inner"):
        before, after = model.get_layer(name), converted.get_layer(name)
        for a, b in zip(before.get_weights(), after.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)


def test_the_model_itself_is_left_as_it_was(x):
    model = branched()
    before = model({"features": x})
    convert(model, {"*": Hashed(ratio=0.5)}).get_layer("head").bias.assign([9, 9, 9])
    np.testing.assert_array_equal(model({"features": x}), before)


def test_bias_and_arguments_are_carried():
    model = convolutional(strides=2, activation="relu", kernel_regularizer="l2")
    model.get_layer("conv").bias.assign(np.arange(6))
    conv = convert(model, {"conv": Binary()}).get_layer("conv")
    assert conv.bias.numpy().tolist() == [0, 1, 2, 3, 4, 5]
    assert conv.strides == (2, 2)
    assert conv.activation is keras.activations.relu
    assert conv.kernels["kernel"].latent.regularizer is not None


def test_how_near_a_kernel_comes_is_kept():
    converted = convert(branched(), {"head": Hashed(ratio=0.5)})
    assert 0 < converted.get_layer("head").kernels["kernel"].error < 1


def test_later_rules_win():
    rules = {"*": Hashed(ratio=0.5), "head": Full()}
    converted = convert(branched(), rules)
    assert isinstance(converted.get_layer("head").kernels["kernel"], Full)
    assert isinstance(converted.get_layer("shared").kernels["kernel"], Hashed)


def test_a_predicate_chooses_layers():
    converted = convert(branched(), {lambda layer: layer.name == "head": Binary()})
    assert isinstance(converted.get_layer("head"), CompressedDense)
    assert type(converted.get_layer("shared")) is layers.Dense


def test_a_host_class_with_options_makes_that_layer():
    converted = convert(branched(), {"head": (HashedDense, {"ratio": 0.5, "seed": 1})})
    assert type(converted.get_layer("head")) is HashedDense


def test_a_class_means_exactly_that_class():
    once = convert(branched(), {layers.Dense: Full()})
    with pytest.raises(ValueError, match="each match a layer that can be compressed"):
        convert(once, {layers.Dense: Binary()})


def test_dtype_policies_are_kept():
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(4, dtype="mixed_bfloat16", name="half")]
    )
    layer = convert(model, {"half": Full()}).get_layer("half")
    assert layer.dtype_policy.name == "mixed_bfloat16"
    assert layer.kernels["kernel"].compute_dtype == "bfloat16"


def test_a_compiled_model_stays_compiled(x):
    model = branched()
    model.compile("sgd", "mse", metrics=["mae"])
    converted = convert(model, {"head": LowRank(rank=1)})
    converted.fit({"features": x}, np.zeros((5, 3)), verbose=0)
    assert converted.optimizer is not model.optimizer


def test_frozen_layers_stay_frozen():
    model = branched()
    model.get_layer("shared").trainable = False
    converted = convert(model, {"shared": Full(), "head": Full()})
    assert converted.get_layer("shared").trainable_weights == []
    assert len(converted.get_layer("head").trainable_weights) == 2


def test_fit_weights_false_starts_converted_layers_afresh(x):
    model = branched()
    converted = convert(model, {"head": Full()}, fit_weights=False)
    kernel, trained = converted.get_layer("head").kernel, model.get_layer("head").kernel
    assert not np.allclose(kernel, trained)


def test_a_converted_model_saves_and_loads(tmp_path, x):
    converted = convert(branched(), {layers.Dense: LowRank(rank=1), "shared": Binary()})
    converted.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    batch = {"features": x}
    np.testing.assert_array_equal(loaded(batch), converted(batch))


@pytest.mark.parametrize(
    "which", ["nothing", "no_*", layers.Conv2D, lambda layer: False]
)
def test_a_rule_that_matches_nothing_is_refused(which):
    with pytest.raises(ValueError, match=r"each match a layer.*'shared', 'head'"):
        convert(branched(), {"head": Full(), which: Full()})


@pytest.mark.parametrize("which", ["add", layers.Add])
def test_a_layer_type_without_a_host_is_refused(which):
    with pytest.raises(ValueError, match=r"have a host \(.*Conv2D.*Dense.*Add 'add'"):
        convert(branched(), {which: Full()})


def test_a_kernel_that_does_not_suit_a_layer_names_the_layer():
    with pytest.raises(
        ValueError, match="Layer 'head' cannot be.*that pays is 1.*rank=3"
    ):
        convert(branched(), {"head": LowRank(rank=3)})


def test_a_constraint_that_cannot_hold_names_the_layer():
    model = convolutional(kernel_constraint="non_neg")
    with pytest.raises(
        ValueError, match="Layer 'conv'.*`kernel_constraint` must be None"
    ):
        convert(model, {"conv": Hashed(ratio=0.5)})


def test_weights_that_are_not_finite_are_refused():
    model = branched()
    model.get_layer("head").kernel.assign(np.full((6, 3), np.nan))
    with pytest.raises(ValueError, match="Layer 'head'.*`model` must have finite"):
        convert(model, {"head": LowRank(rank=1)})


def test_a_subclassed_model_is_refused_with_advice():
    class Own(keras.Model):
        def build(self, shape):
            self.built = True

    with pytest.raises(ValueError, match="Sequential or Functional.*tfcompress.layers"):
        convert(Own(), {"*": Full()})


def test_a_model_that_is_not_built_is_refused():
    with pytest.raises(ValueError, match="`model` must be built"):
        convert(keras.Sequential([layers.Dense(3)]), {"*": Full()})


@pytest.mark.parametrize("model", [None, "model.keras", layers.Dense(3)])
def test_what_is_no_model_is_refused(model):
    with pytest.raises(TypeError, match="`model` must be a `keras.Model`"):
        convert(model, {"*": Full()})


@pytest.mark.parametrize("which", [layers.LSTM, "both", "forward_lstm"], ids=str)
def test_a_layer_inside_bidirectional_is_converted(which, rng):
    inputs = keras.Input((5, 3))
    lstm = layers.Bidirectional(layers.LSTM(4, name="lstm"), name="both")
    model = keras.Model(inputs, lstm(inputs))
    x = rng.normal(size=(2, 5, 3)).astype("float32")

    converted = convert(model, {which: Full()})

    np.testing.assert_allclose(converted(x), model(x), atol=1e-5)
    both = converted.get_layer("both")
    assert type(both.forward_layer) is CompressedLSTM
    plain = layers.LSTM if which == "forward_lstm" else CompressedLSTM
    assert type(both.backward_layer) is plain


def test_a_layer_inside_time_distributed_is_converted(tmp_path, rng):
    inputs = keras.Input((5, 8))
    dense = layers.TimeDistributed(layers.Dense(6), name="each")
    model = keras.Model(inputs, dense(inputs))
    x = rng.normal(size=(2, 5, 8)).astype("float32")

    converted = convert(model, {layers.Dense: FULL_RANK})

    np.testing.assert_allclose(converted(x), model(x), atol=1e-5)
    converted.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded.get_layer("each").layer) is CompressedDense


def test_an_unknown_weight_in_a_rule_is_refused():
    rules = {"head": (CompressedDense, {"kernle": Full()})}
    message = "Layer 'head' cannot.*`kernle` must be one of .*: kernel, bias"
    with pytest.raises(ValueError, match=message):
        convert(branched(), rules)


def test_a_block_that_does_not_divide_the_units_names_the_layer():
    rules = {"head": Hashed(ratio=0.5, block_size=2)}
    with pytest.raises(ValueError, match="Layer 'head'.*divide the last axis.*3"):
        convert(branched(), rules)


def test_a_bias_can_be_hashed_too_and_starts_from_the_trained_one():
    model = branched()
    model.get_layer("shared").bias.assign(np.arange(8.0))
    hashed = Hashed(ratio=0.5, block_size=1, seed=1)
    rules = {"shared": (CompressedDense, {"kernel": hashed, "bias": hashed})}
    layer = convert(model, rules).get_layer("shared")
    assert layer.count_params() == 8 * 8 / 2 + 8 / 2
    bias = layer.kernels["bias"]
    assert 0 < bias.error < 1
    missed = np.linalg.norm(np.asarray(layer.bias) - np.arange(8.0))
    assert bias.error == pytest.approx(missed / np.linalg.norm(np.arange(8.0)))


def test_layers_that_another_layer_makes_are_said_to_be_out_of_reach():
    class Block(keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.inner = keras.layers.Dense(3)

        def call(self, inputs):
            return self.inner(inputs)

    inputs = keras.Input((4,))
    model = keras.Model(inputs, Block()(inputs))
    message = r"here are \[\]\. Those inside Block cannot be swapped"
    with pytest.raises(ValueError, match=message):
        convert(model, {"*": LowRank(rank=1)})


def test_where_memory_runs_out_the_layer_is_named(monkeypatch):
    def hungry(kernel, array, inputs=None):
        raise MemoryError("Unable to allocate 4. TiB")

    monkeypatch.setattr(LowRank, "encode", hungry)
    with pytest.raises(
        MemoryError, match=r"^Layer 'shared' cannot .* ran out\. Unable"
    ):
        convert(branched(), {"shared": LowRank(rank=1)})
