import pytest

from tfcompress.interop.calls import History, in_order
from tfcompress.interop.graph import Call, Output

X = History("x", 0, 0)


def test_each_call_comes_after_those_that_it_needs():
    # y = b(a(x), a(b'(x))) where b' is the first use of b, told after the second.
    uses = {
        ("b", 1): ([[History("a", 0, 0), History("a", 1, 0)]], {}),
        ("a", 0): ([X], {}),
        ("a", 1): ([History("b", 0, 0)], {}),
        ("b", 0): ([X], {"n": 2}),
        ("x", 0): ([], {}),
    }
    calls, inputs, outputs = in_order(uses, X, [History("b", 1, 0)])
    assert calls == [
        Call("x", [], {}),
        Call("a", [Output(0, 0)], {}),
        Call("b", [Output(0, 0)], {"n": 2}),
        Call("a", [Output(2, 0)], {}),
        Call("b", [[Output(1, 0), Output(3, 0)]], {}),
    ]
    assert inputs == Output(0, 0)
    assert outputs == [Output(4, 0)]


def test_what_no_output_needs_is_left_out():
    uses = {("x", 0): ([], {}), ("mask", 0): ([X], {}), ("y", 0): ([X], {})}
    calls, _, _ = in_order(uses, X, History("y", 0, 0))
    assert [call.layer for call in calls] == ["x", "y"]


def test_an_input_that_nothing_reads_stays():
    uses = {("x", 0): ([], {}), ("z", 0): ([], {})}
    calls, inputs, _ = in_order(uses, [X, History("z", 0, 0)], X)
    assert len(calls) == 2
    assert len(set(inputs)) == 2


def test_a_circle_is_refused():
    uses = {("a", 0): ([History("b", 0, 0)], {}), ("b", 0): ([History("a", 0, 0)], {})}
    with pytest.raises(ValueError, match="has a circle: 'a'"):
        in_order(uses, [], History("a", 0, 0))
