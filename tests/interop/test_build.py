import keras
import numpy as np
import pytest

from tfcompress.interop.build import build, parts
from tfcompress.interop.graph import Call, Graph, Layer, Output

INPUT = Layer("InputLayer", {"batch_shape": [None, 2], "dtype": "float32", "name": "x"})


def dense(name, **config):
    return Layer("Dense", {"units": 2, "name": name, **config})


def chain(*layers, name="m"):
    named = {layer.config["name"]: layer for layer in layers}
    return Graph("Sequential", name, {"x": INPUT, **named})


def test_calls_are_made_as_they_are_told():
    add = Layer("Add", {"name": "add"})
    calls = [
        Call("x", [], {}),
        Call("shared", [Output(0, 0)], {}),
        Call("shared", [Output(1, 0)], {}),
        Call("add", [[Output(2, 0), Output(0, 0)]], {}),
    ]
    layers = {"x": INPUT, "shared": dense("shared", use_bias=False), "add": add}
    model = build(
        Graph("Functional", "m", layers, calls, {"x": Output(0, 0)}, Output(3, 0)),
        keras,
    )
    model.get_layer("shared").set_weights([2 * np.eye(2)])
    # 2 (2 x) + x
    assert model({"x": np.ones((1, 2))}).numpy().tolist() == [[5, 5]]
    assert model.name == "m"
    assert model.count_params() == 4


def test_layers_in_layers_are_built_too():
    wrapper = Layer("TimeDistributed", {"layer": dense("inner"), "name": "outer"})
    cells = [Layer("GRUCell", {"units": n, "name": f"cell_{n}"}) for n in (3, 4)]
    shape = {**INPUT.config, "batch_shape": [None, 5, 2]}
    layers = {
        "x": Layer("InputLayer", shape),
        "outer": wrapper,
        "rnn": Layer("RNN", {"cell": cells, "name": "rnn"}),
    }
    model = build(Graph("Sequential", "m", layers), keras)
    assert model.output_shape == (None, 4)
    assert type(model.get_layer("outer").layer) is keras.layers.Dense


def test_spare_arguments_are_left_out():
    layer = Layer(
        "Dense", {"units": 2, "name": "d", "time_major": False}, ["time_major"]
    )
    assert build(chain(layer), keras).get_layer("d").units == 2


def test_what_a_layer_does_not_hand_on_to_its_base_is_no_argument_of_it():
    config = {"rate": 0.25, "name": "d", "noise_shape": None, "trainable": True}
    layer = Layer("SpatialDropout1D", config, ["noise_shape", "trainable"])
    shape = Layer("InputLayer", {**INPUT.config, "batch_shape": [None, 5, 2]})
    model = build(Graph("Sequential", "m", {"x": shape, "d": layer}), keras)
    assert model.get_layer("d").rate == 0.25


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (Layer("Unheard", {"name": "d"}), "only one of the two has this class"),
        (dense("d", time_major=True), "only one of the two has time_major=True"),
        (dense("d", activation="unheard"), "Could not interpret activation function"),
        (Layer("Lambda", {"name": "d"}), "its function is Python code"),
    ],
)
def test_what_is_not_there_is_refused_by_the_path_of_its_layer(layer, why):
    graph = Graph("Sequential", "m", {"inner": chain(layer, name="inner")})
    with pytest.raises(ValueError, match=f"Layer 'inner/d': {why}"):
        build(graph, keras)


def test_parts_are_found_by_the_names_of_the_file():
    renamed = Layer("Dense", {"units": 2, "name": "a_b"}, [], "a/b")
    graph = Graph(
        "Sequential", "m", {"x": INPUT, "inner": chain(renamed, name="inner")}
    )
    found = list(parts(graph, build(graph, keras)))
    assert [(path, layer.name) for path, layer in found] == [("inner/a/b", "a_b")]
