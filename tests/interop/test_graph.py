from tfcompress.interop.graph import (
    Call,
    Graph,
    Layer,
    Output,
    from_json,
    leaves,
    mapped,
    to_json,
    without,
)

DENSE = Layer("Dense", {"units": 2}, ["lora_rank"], "there/dense")


def chain(*names):
    """A functional graph of an input and layers that follow each other."""
    calls = [Call("input", [], {})]
    for place, name in enumerate(names):
        calls.append(Call(name, [Output(place, 0)], {}))
    layers = dict.fromkeys(("input", *names), DENSE)
    return Graph("Functional", "m", layers, calls, Output(0, 0), Output(len(names), 0))


def test_json_brings_back_all_of_it():
    inner = {"layer": DENSE, "cells": [DENSE, DENSE], "axis": [1, -1], "seed": None}
    nested = Graph("Sequential", "inner", {"wrapper": Layer("RNN", inner)})
    calls = [Call("inner", [[Output(0, 1)]], {"states": {"h": Output(2, 0)}, "n": 3})]
    graph = Graph(
        "Functional",
        "outer",
        {"inner": nested},
        calls,
        Output(0, 0),
        {"y": Output(1, 0)},
    )
    assert from_json(to_json(graph)) == graph


def test_leaves_of_a_dictionary_come_by_its_keys():
    assert leaves({"b": [1, {"z": 2, "a": 3}], "a": (4,)}) == [4, 1, 3, 2]


def test_mapped_keeps_the_structure():
    assert mapped(lambda n: n + 1, {"a": [1, (2,)], "b": 3}) == {"a": [2, [3]], "b": 4}


def test_without_hands_on_what_a_layer_was_given():
    assert without(chain("first", "gone", "last"), ["gone"]) == chain("first", "last")


def test_without_a_layer_the_other_outputs_of_calls_stay_what_they_are():
    calls = [Call("x", [], {}), Call("gone", [Output(0, 1)], {})]
    calls.append(Call("y", [Output(1, 0), Output(0, 2)], {}))
    graph = Graph("Functional", "m", {}, calls, Output(0, 0), Output(2, 3))
    rest = without(graph, ["gone"])
    assert rest.calls[1].args == [Output(0, 1), Output(0, 2)]
    assert rest.outputs == Output(1, 3)


def test_without_the_last_layer_its_input_is_the_output():
    assert without(chain("first", "gone"), ["gone"]) == chain("first")
