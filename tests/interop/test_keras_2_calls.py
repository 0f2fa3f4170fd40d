import pytest

from tfcompress.interop.calls import History
from tfcompress.interop.keras_2_calls import histories, use

NAMES = {"x": "x", "a/b": "a_b"}
X, AB = History("x", 0, 0), History("a_b", 1, 2)


def test_tensors_are_found_in_any_structure_by_their_new_names():
    structure = {"one": ["x", 0, 0, {}], "more": [["a/b", 1, 2], 3, None]}
    assert histories(structure, NAMES) == {"one": X, "more": [AB, 3, None]}


@pytest.mark.parametrize(
    ("node", "args"),
    [
        ([["x", 0, 0, {}]], [X]),  # a single one comes in a list
        (["x", 0, 0, {}], [X]),
        ([["x", 0, 0, {}], ["a/b", 1, 2, {}]], [[X, AB]]),
        ([["_CONSTANT_VALUE", -1, 2.5, {}]], [2.5]),
    ],
)
def test_the_first_argument_is_the_node(node, args):
    assert use(node, "Add", "add", NAMES) == (args, {})


def test_other_arguments_are_kept_at_each_tensor():
    node = [["x", 0, 0, {"value": ["a/b", 1, 2], "key": None, "training": None}]]
    assert use(node, "MultiHeadAttention", "m", NAMES) == ([X], {"value": AB})


def test_states_that_come_with_the_inputs_are_initial_states():
    node = [["x", 0, 0, {}], ["a/b", 1, 2, {}]]
    assert use(node, "GRU", "g", NAMES) == ([X], {"initial_state": [AB]})


def test_a_call_that_never_trains_is_told_of():
    with pytest.warns(UserWarning, match="'d' is called with `training=False`"):
        assert use([["x", 0, 0, {"training": False}]], "Dropout", "d", NAMES) == (
            [X],
            {},
        )


def test_a_call_that_always_trains_is_refused():
    with pytest.raises(
        ValueError, match="Layer 'd': it is called with `training=True`"
    ):
        use([["x", 0, 0, {"training": True}]], "Dropout", "d", NAMES)
