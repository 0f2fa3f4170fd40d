import keras
import numpy as np
import pytest
from legacy_configs import functional, layer, nested, sequential, source, value

from tfcompress.interop.build import build
from tfcompress.interop.graph import Output
from tfcompress.interop.keras_2_config import read


def model_of(entry):
    return build(read(entry), keras)


def one(kind, *sizes, **config):
    """A model of one layer."""
    return model_of(sequential(source("x", *sizes), layer(kind, "l", **config)))


def test_arguments_that_are_gone_are_left_out():
    assert one("LSTM", 3, 2, units=4, time_major=False, implementation=2).count_params()
    assert one("DepthwiseConv2D", 4, 4, 3, kernel_size=3, groups=1).count_params() == 30
    glorot = {"class_name": "GlorotUniform", "config": {"seed": None}}
    options = {
        "filters": 2,
        "kernel_size": 3,
        "groups": 1,
        "kernel_initializer": glorot,
    }
    assert one("SeparableConv2D", 4, 4, 3, **options).count_params() == 27 + 6 + 2
    options = {"num_heads": 1, "key_dim": 2, "query_shape": [None, 3, 2]}
    read(sequential(source("x", 3, 2), layer("MultiHeadAttention", "l", **options)))


@pytest.mark.parametrize(
    ("kind", "sizes", "config"),
    [
        ("LSTM", (3, 2), {"units": 4, "time_major": True}),
        ("DepthwiseConv2D", (4, 4, 3), {"kernel_size": 3, "groups": 3}),
        ("BatchNormalization", (3,), {"virtual_batch_size": 8}),
    ],
)
def test_arguments_that_are_gone_are_refused_where_they_meant_something(
    kind, sizes, config
):
    key, meant = list(config.items())[-1]
    with pytest.raises(ValueError, match=f"Layer 'l': only one .* has {key}={meant}"):
        one(kind, *sizes, **config)


def test_layers_of_random_numbers_draw_them_in_the_way_of_keras_3():
    flip = one("RandomFlip", 4, 4, 3, mode="horizontal", rng_type="stateful", seed=None)
    assert flip.layers[0].mode == "horizontal"
    dropped = {"rate": 0.25, "noise_shape": None, "trainable": False}
    assert one("SpatialDropout1D", 4, 3, **dropped).layers[0].rate == 0.25


def test_a_layer_that_computes_otherwise_at_inference_is_refused():
    with pytest.raises(ValueError, match="Layer 'l': .* crops in training alone"):
        one("RandomCrop", 4, 4, 3, height=2, width=2, rng_type="stateful")


def test_an_axis_in_a_list_is_that_axis():
    assert one("BatchNormalization", 3, axis=[1]).layers[0].axis == 1


def test_an_argument_gets_its_new_name():
    assert one("LeakyReLU", 3, alpha=0.25).layers[0].negative_slope == 0.25


def test_a_size_in_the_first_layer_is_an_input():
    first = layer("Dense", "d", units=2, batch_input_shape=[5, 3])
    assert model_of(sequential(first)).input_shape == (5, 3)


def test_policies_and_objects_of_keras_are_read():
    policy = {"class_name": "Policy", "config": {"name": "mixed_float16"}}
    penalty = {"class_name": "L2", "config": {"l2": 0.25}, "shared_object_id": 1}
    made = one("Dense", 3, units=2, dtype=policy, kernel_regularizer=penalty).layers[0]
    assert made.compute_dtype == "float16"
    assert float(made.kernel_regularizer.l2) == 0.25


def test_layers_in_layers_are_read():
    inner = layer("LSTM", "lstm", units=3, time_major=False)
    assert one("Bidirectional", 4, 2, layer=inner, merge_mode="sum").output_shape == (
        None,
        3,
    )


def test_a_slash_in_a_name_becomes_a_line():
    entries = [
        source("x", 2),
        layer("Dense", "conv1/conv", [[value("x")]], units=2),
        layer("ReLU", "conv1/relu", [[value("conv1/conv")]]),
    ]
    graph = read(functional(entries, [["x", 0, 0]], [["conv1/relu", 0, 0]]))
    assert list(graph.layers) == ["x", "conv1_conv", "conv1_relu"]
    assert graph.layers["conv1_conv"].origin == "conv1/conv"
    taken = sequential(source("x", 2), layer("ReLU", "a/b"), layer("ReLU", "a_b"))
    with pytest.raises(ValueError, match="Layer 'a/b': Keras 3 has no `/` in names"):
        read(taken)


def test_a_single_input_or_output_is_no_list():
    entries = [source("x", 2), layer("ReLU", "r", [[value("x")]])]
    graph = read(functional(entries, [["x", 0, 0]], {"y": ["r", 0, 0]}))
    assert graph.inputs == Output(0, 0)
    assert graph.outputs == {"y": Output(1, 0)}


def test_uses_of_a_nested_model_are_counted_from_where_they_begin():
    inner = sequential(source("y", 2), layer("Dense", "d", units=2), name="inner")
    entries = [
        source("x", 2),
        # Its use when it was made is the first, and not here.
        nested(inner, "inner", [[value("x")], [value("add")]]),
        layer("Add", "add", [[value("inner", 1), value("x")]]),
    ]
    model = model_of(functional(entries, [["x", 0, 0]], [["inner", 2, 0]]))
    model.set_weights([2 * np.eye(2), np.zeros(2)])
    assert model(np.ones((1, 2))).numpy().tolist() == [[6, 6]]  # 2 (2 + 1)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (layer("TFOpLambda", "l", function="math.add"), "it is a TensorFlow operation"),
        (
            layer("ThresholdedReLU", "l", theta=1.0),
            "only one of the two has this class",
        ),
        (layer("Dense", "l", units=2, activation="hard_sigmoid"), "'hard_sigmoid' has"),
        ({**layer("Dense", "l", units=2), "module": "mine"}, "its class is not one of"),
    ],
)
def test_what_keras_3_does_not_have_is_refused_by_name(entry, why):
    entries = [source("x", 2), {**entry, "inbound_nodes": [[value("x")]]}]
    with pytest.raises(ValueError, match=f"Layer 'l': {why}"):
        model_of(functional(entries, [["x", 0, 0]], [["l", 0, 0]]))


def test_a_subclassed_model_is_refused():
    with pytest.raises(ValueError, match="the graph of a subclassed model is code"):
        read({"class_name": "MyModel", "config": {}})
