import dataclasses

import pytest

from tfcompress.interop.graph import Call, Graph, Layer, Output
from tfcompress.interop.tfmot.quantized_graph import Range, Rounding, unwrapped

X = Layer("InputLayer", {"name": "x"})


def wrapped(kind, name, activation="relu", origin=None):
    config = {
        "class_name": "QuantizeAwareActivation",
        "config": {"activation": activation},
    }
    inner = Layer(kind, {"name": name, "activation": config}, [], origin or name)
    return Layer("QuantizeWrapperV2", {"layer": inner}, [], f"quant_{name}")


def output(low, high):
    return {"weights": {}, "output": {"low": low, "high": high, "bits": 8}}


def weights(high, output=None, bits=8, even=True):
    kernel = {"high": high, "bits": bits, "even": even}
    return {"weights": {"kernel": kernel}, "output": output and output["output"]}


def chain(*parts):
    layers = {part.config.get("name") or part.origin: part for part in (X, *parts)}
    return Graph("Sequential", "m", layers)


ROUND = Layer("QuantizeLayer", {"name": "round"}, [], "round")


def test_wrappers_and_their_names_are_gone():
    graph, _ = unwrapped(chain(ROUND, wrapped("Dense", "a"), wrapped("Dense", "b")), {})
    assert list(graph.layers) == ["x", "a", "b"]
    assert graph.layers["a"].kind == "Dense"
    assert graph.layers["a"].config["activation"] == "relu"


def test_an_activation_that_does_nothing_is_linear():
    nothing = {"class_name": "NoOpActivation", "config": {}}
    graph, _ = unwrapped(chain(wrapped("Dense", "a", nothing)), {})
    assert graph.layers["a"].config["activation"] == "linear"


def test_what_goes_in_is_rounded_as_what_came_out_before():
    graph = chain(
        ROUND, wrapped("Dense", "a"), wrapped("Flatten", "f"), wrapped("Dense", "b")
    )
    ranges = {
        "round": output(-1, 1),
        "a": weights([2.0], output(0, 6)),
        "f": {"weights": {}, "output": None},
        "b": weights([3.0, 4.0]),
    }
    assert unwrapped(graph, ranges)[1] == {
        "a": Rounding([2.0], 8, Range(-1, 1, 8)),
        "b": Rounding([3.0, 4.0], 8, Range(0, 6, 8)),
    }


def test_behind_what_changes_numbers_nothing_is_known():
    graph = chain(wrapped("Dense", "a"), wrapped("Softmax", "s"), wrapped("Dense", "b"))
    ranges = {"a": weights([2.0], output(0, 6)), "s": None, "b": weights([3.0])}
    assert unwrapped(graph, ranges)[1]["b"].inputs is None


def functional(*names):
    """x -> round -> left and right -> add -> last, the names those of the wrappers."""
    parts = {name: wrapped("Dense", name) for name in ("left", "right", "last")}
    add = wrapped("Add", "add")
    layers = {"x": X, "round": ROUND, "q_add": add}
    layers |= {f"q_{name}": part for name, part in parts.items()}
    calls = [
        Call("x", [], {}),
        Call("round", [Output(0, 0)], {}),
        Call("q_left", [Output(1, 0)], {}),
        Call("q_right", [Output(1, 0)], {}),
        Call("q_add", [[Output(2, 0), Output(3, 0)]], {}),
        Call("q_last", [Output(4, 0)], {}),
    ]
    return Graph("Functional", "m", layers, calls, Output(0, 0), Output(5, 0))


def test_calls_go_on_without_what_only_rounds():
    graph, _ = unwrapped(functional(), {})
    assert [(call.layer, call.args) for call in graph.calls] == [
        ("x", []),
        ("left", [Output(0, 0)]),
        ("right", [Output(0, 0)]),
        ("add", [[Output(1, 0), Output(2, 0)]]),
        ("last", [Output(3, 0)]),
    ]
    assert graph.outputs == Output(4, 0)


def test_a_layer_that_is_used_on_different_ranges_has_none():
    graph = functional()
    again = Call("q_right", [Output(4, 0)], {})
    graph = dataclasses.replace(graph, calls=[*graph.calls, again])
    ranges = {"round": output(-1, 1), "add": output(0, 9), "right": weights([1.0])}
    assert unwrapped(graph, ranges)[1]["right"].inputs is None
    ranges["add"] = output(-1, 1)
    assert unwrapped(graph, ranges)[1]["right"].inputs == Range(-1, 1, 8)


@pytest.mark.parametrize("odd", [{"bits": 4}, {"even": False}])
def test_other_grids_are_refused(odd):
    with pytest.raises(
        ValueError, match="Layer 'a': its kernel is not rounded to 8 bits"
    ):
        unwrapped(chain(wrapped("Dense", "a")), {"a": weights([2.0], **odd)})
