import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.layers.binary_dense import BinaryDense
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.selection import layers_around, select_weights


def built(*parts):
    return keras.Sequential([keras.Input((4,)), *parts])


def names(weights):
    return ["/".join(v.path.split("/")[-2:]) for v in weights]


@pytest.fixture
def stack():
    """Dense `a`, then a nested model `block` of `b` and `c`."""
    block = keras.Sequential(
        [keras.Input((4,)), layers.Dense(3, name="b"), layers.Dense(2, name="c")],
        name="block",
    )
    return built(layers.Dense(4, name="a"), block, layers.Dense(1, name="d"))


@pytest.mark.parametrize(
    ("which", "chosen"),
    [
        (None, "abcd"),
        ("a", "a"),
        ("block", "bc"),
        ("[bd]", "bd"),
        ("*", "abcd"),
        ("b/kernel", "b"),
        ("kernel", "abcd"),
        (layers.Dense, "abcd"),
        (keras.Sequential, "bc"),
        (lambda layer: getattr(layer, "units", 0) > 2, "ab"),
        (lambda layer: layer.name != "a", "bcd"),
        (["c", "a", "?"], "abcd"),
        (("c", "a", "c"), "ac"),
    ],
)
def test_which_names_layers_with_all_inside(stack, which, chosen):
    assert [n[0] for n in names(select_weights(stack, which))] == list(chosen)


@pytest.mark.parametrize(
    ("which", "chosen"),
    [
        ("a/bias", ["a/bias"]),
        ("bias", ["a/bias", "b/bias", "c/bias", "d/bias"]),
        (["*/bias", "a"], ["a/kernel", "a/bias", "b/bias", "c/bias", "d/bias"]),
        ("[bc]/*", ["b/kernel", "c/kernel"]),
    ],
)
def test_bias_is_taken_only_where_it_is_asked_for(stack, which, chosen):
    assert [n.removeprefix("block/") for n in names(select_weights(stack, which))] == (
        chosen
    )


def test_scales_of_a_norm_are_taken_only_where_they_are_asked_for():
    model = built(layers.Dense(3), layers.BatchNormalization(name="norm"))

    assert names(select_weights(model, "norm/gamma")) == ["norm/gamma"]
    with pytest.raises(ValueError, match="`which` must name trainable kernels"):
        select_weights(model, "norm")


def test_layers_around_a_weight_are_in_order(stack):
    [found] = layers_around(stack, [stack.layers[1].layers[0].kernel])

    assert [layer.name for layer in found][-2:] == ["block", "b"]


def test_depthwise_and_separable_kernels_are_found():
    model = keras.Sequential([keras.Input((8, 8, 2))])
    model.add(layers.DepthwiseConv2D(3))
    model.add(layers.SeparableConv2D(4, 3))

    assert [v.name for v in select_weights(model)] == [
        "kernel",
        "depthwise_kernel",
        "pointwise_kernel",
    ]


def test_which_takes_a_layer_itself(stack):
    weights = select_weights(stack, stack.layers[1])

    assert names(weights) == ["b/kernel", "c/kernel"]


def test_biases_and_scales_of_two_axes_are_no_kernels():
    inputs = keras.Input((4, 5))
    outputs = layers.LayerNormalization(axis=(1, 2))(inputs)
    outputs = layers.GRU(3, reset_after=True)(outputs)
    model = keras.Model(inputs, outputs)

    assert names(select_weights(model)) == [
        "gru_cell/kernel",
        "gru_cell/recurrent_kernel",
    ]


def test_kernels_of_all_kinds_of_layers_are_found():
    tokens = keras.Input((8,))
    x = layers.Embedding(10, 4)(tokens)
    x = layers.MultiHeadAttention(2, 2)(x, x)
    x = layers.TimeDistributed(layers.Dense(4, name="inner"))(x)
    x = layers.Conv1D(4, 3)(x)
    x = layers.Bidirectional(layers.LSTM(2, name="lstm"))(x)
    model = keras.Model(tokens, x)

    found = select_weights(model)

    assert sorted(n.split("/")[-1] for n in names(found)) == sorted(
        ["embeddings", *["kernel"] * 8, *["recurrent_kernel"] * 2]
    )
    assert names(select_weights(model, "inner")) == ["inner/kernel"]
    assert len(select_weights(model, layers.Bidirectional)) == 4
    assert len(select_weights(model, layers.LSTM)) == 4
    assert len(select_weights(model, "forward_lstm/*/recurrent_kernel")) == 1


def test_sublayers_in_lists_of_a_subclassed_model_are_found():
    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.steps = [layers.Dense(4, name="first"), layers.Dense(4, name="last")]
            self.heads = {"x": layers.Dense(2, name="head")}

        def call(self, inputs):
            for step in self.steps:
                inputs = step(inputs)
            return self.heads["x"](inputs)

    model = Net()
    model(np.ones((1, 4)))

    assert len(select_weights(model)) == 3
    assert names(select_weights(model, "head")) == ["head/kernel"]


def test_shared_layer_is_reached_by_both_its_owners():
    shared = layers.Dense(4, name="shared")
    one = keras.Sequential([keras.Input((4,)), shared], name="one")
    two = keras.Sequential([keras.Input((4,)), shared], name="two")
    inputs = keras.Input((4,))
    model = keras.Model(inputs, one(inputs) + two(inputs))

    assert [id(v) for v in select_weights(model)] == [id(shared.kernel)]
    assert select_weights(model, "one") == select_weights(model, "two")


def test_frozen_layer_is_left_out(stack):
    stack.layers[0].trainable = False

    assert [n[0] for n in names(select_weights(stack))] == ["b", "c", "d"]
    with pytest.raises(ValueError, match="`which` must name trainable kernels"):
        select_weights(stack, "a")


def test_compressed_layers_answer_for_themselves():
    hashed, full = HashedDense(8, ratio=0.5, name="h"), CompressedDense(2, name="f")
    model = built(hashed, BinaryDense(4, name="b"), full)

    assert [id(v) for v in select_weights(model)] == [
        id(v)
        for layer in (hashed, full)
        for v in layer.kernels["kernel"].trainable_variables
    ]
    with pytest.raises(ValueError, match="`which` must name trainable kernels"):
        select_weights(model, "b")


@pytest.mark.parametrize("which", ["e", "block/kernel", layers.LSTM, lambda _: False])
def test_rule_that_names_nothing_is_refused_with_what_there_is(stack, which):
    rule = r"`which` must name trainable kernels\. Layers that have some: a, b, bl"
    with pytest.raises(ValueError, match=rule):
        select_weights(stack, ["a", which])


@pytest.mark.parametrize("which", [3, int, b"a"])
def test_what_cannot_name_a_layer_is_refused(stack, which):
    with pytest.raises(TypeError, match="`which` must be None, a name"):
        select_weights(stack, which)


def test_empty_list_is_refused(stack):
    with pytest.raises(ValueError, match=r"`which` must name something.*give None"):
        select_weights(stack, [])


def test_model_without_kernels_is_refused():
    with pytest.raises(ValueError, match="`model` must have trainable kernels"):
        select_weights(built(layers.BatchNormalization()))


def test_model_that_is_not_built_is_refused():
    with pytest.raises(ValueError, match=r"`model` must be built.*Call it on a batch"):
        select_weights(keras.Sequential([layers.Dense(3)]))


def test_what_is_no_model_is_refused():
    with pytest.raises(TypeError, match=r"`model` must be a `keras.Model`"):
        select_weights("model")


def test_quantized_kernel_is_refused():
    model = built(layers.Dense(2), layers.Dense(2))
    model.layers[0].quantize("int8")

    with pytest.raises(ValueError, match=r"is int8. Prune first, quantize then"):
        select_weights(model)
