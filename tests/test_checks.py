import fractions
import math
import pathlib

import numpy as np
import pytest

from tfcompress import _checks


def test_error_names_argument_rule_remedy_and_value():
    fault = _checks.error("rank", "be small", 9, remedy="Take 3.")
    assert isinstance(fault, ValueError)
    assert str(fault) == "`rank` must be small. Take 3. Received: rank=9"


@pytest.mark.parametrize("value", [0, -1, 2.0, True, "3", None])
def test_positive_integer_refuses(value):
    with pytest.raises(ValueError, match="`rank` must be a positive integer"):
        _checks.integer("rank", value)


@pytest.mark.parametrize(
    ("low", "high", "rule"), [(0, None, "at least 0"), (2, 8, r"in \[2, 8\]")]
)
def test_integer_says_its_range(low, high, rule):
    assert _checks.integer("bits", 5, low=low, high=high) == 5
    with pytest.raises(ValueError, match=rule):
        _checks.integer("bits", -1, low=low, high=high)


@pytest.mark.parametrize("value", [0, 1.01, math.nan, math.inf, "1", True, None])
def test_ratio_refuses(value):
    with pytest.raises(ValueError, match=r"`ratio` must be a number in \(0, 1\]"):
        _checks.ratio("ratio", value)


@pytest.mark.parametrize("value", [-0.1, 1, math.nan, "0"])
def test_sparsity_refuses(value):
    with pytest.raises(ValueError, match=r"`sparsity` must be a number in \[0, 1\)"):
        _checks.sparsity("sparsity", value)


def test_what_is_right_comes_back():
    assert _checks.ratio("ratio", 1) == 1.0
    assert _checks.sparsity("sparsity", 0) == 0.0
    assert _checks.number("t", 4) == 4.0
    assert _checks.boolean("on", False) is False
    assert _checks.choice("by", "norm", ("norm", "scale")) == "norm"
    assert _checks.instance("x", 3, int, "an integer") == 3


def test_kinds_of_refusal():
    with pytest.raises(TypeError, match="`on` must be True or False"):
        _checks.boolean("on", 1)
    with pytest.raises(ValueError, match="`by` must be one of 'a', 'b'"):
        _checks.choice("by", "c", ("a", "b"))
    with pytest.raises(TypeError, match="`x` must be an integer. Received: x='3'"):
        _checks.instance("x", "3", int, "an integer")
    with pytest.raises(ValueError, match=r"in \(-inf, inf\)"):
        _checks.number("t", math.inf)


def test_number_without_a_float_is_refused():
    with pytest.raises(ValueError, match="`t` must be a number in"):
        _checks.number("t", 10**400)


def test_negative_zero_is_zero():
    assert math.copysign(1, _checks.number("t", -0.0)) == 1
    with pytest.raises(ValueError, match="`t` must be a number in"):
        _checks.number("t", -0.0, low=0, open_low=True)


@pytest.mark.parametrize("kind", [np.int64, np.uint8, int])
def test_whole_numbers_of_numpy_are_whole_numbers(kind):
    assert type(_checks.integer("rank", kind(3))) is int


@pytest.mark.parametrize(
    "value", [np.float32(0.5), np.float64(0.5), fractions.Fraction(1, 2)]
)
def test_real_numbers_of_any_kind_are_numbers(value):
    found = _checks.number("t", value)
    assert (type(found), found) == (float, 0.5)


def test_truth_of_numpy_is_truth():
    assert _checks.boolean("on", np.True_) is True
    with pytest.raises(ValueError, match="`rank`"):
        _checks.integer("rank", np.True_)


@pytest.mark.parametrize("value", [True, 1.0, "2", [1], {}, np.ones(2), None])
def test_choice_is_not_taken_for_another_that_equals_it(value):
    with pytest.raises(ValueError, match="`bits` must be one of 1, 2"):
        _checks.choice("bits", value, (1, 2))


def test_long_values_are_cut_in_errors():
    with pytest.raises(
        ValueError, match=r"\[0, 1, 2, .* \.\.\. .*, 9998, 9999\]$"
    ) as caught:
        _checks.ratio("ratio", list(range(10_000)))
    assert len(str(caught.value)) < 700


def test_value_that_cannot_be_shown_is_refused_all_the_same():
    class Shy:
        def __repr__(self):
            raise RuntimeError

    with pytest.raises(ValueError, match="Received: ratio=<Shy>"):
        _checks.ratio("ratio", Shy())


def test_several_are_a_list_with_something_in_it():
    assert _checks.several("ratios", iter([1, 2]), "numbers") == (1, 2)
    for value in [(), "12", b"1", {1: 2}, 3, None]:
        with pytest.raises(ValueError, match="`ratios` must be a list of numbers"):
            _checks.several("ratios", value, "numbers")


def test_a_name_is_a_list_of_one():
    assert _checks.names("layers", "a") == ("a",)
    assert _checks.names("layers", ["a", "b*"]) == ("a", "b*")
    for value in [3, None, {"a": 1}, b"a", ["a", 3]]:
        with pytest.raises(TypeError, match="`layers` must be one or a list of names"):
            _checks.names("layers", value)
    for value in ["", [], ["a", ""]]:
        with pytest.raises(ValueError, match="at least one"):
            _checks.names("layers", value)


def test_path_is_no_number_for_open_would_take_it(tmp_path):
    assert _checks.path("to", str(tmp_path)) == tmp_path
    assert _checks.path("to", pathlib.Path("nowhere/a")) == pathlib.Path("nowhere/a")
    for value in [1, True, None, b"a", ["a"]]:
        with pytest.raises(TypeError, match="`to` must be a path"):
            _checks.path("to", value)


@pytest.mark.parametrize("value", ["", "a\0b", "a" * 10_000])
def test_text_that_is_no_path_is_refused(value):
    with pytest.raises(ValueError, match="`to` must be a path"):
        _checks.path("to", value)


def test_existing_file_is_there_and_no_folder(tmp_path):
    (tmp_path / "a").touch()
    assert _checks.existing_file("path", tmp_path / "a") == tmp_path / "a"
    with pytest.raises(ValueError, match="this is a folder"):
        _checks.existing_file("path", tmp_path)
    with pytest.raises(ValueError, match="`path` must be an existing file"):
        _checks.existing_file("path", tmp_path / "b")


def test_recipe_is_json_of_its_format():
    text = '{"mark": 1, "rules": []}'
    assert _checks.recipe(text, "mark", 1, "to_json") == {"rules": []}
    for value, rule in [
        ("{", "be JSON"),
        (None, "be JSON"),
        (text.replace("1", "2"), "be a recipe of format 1, as `to_json` writes it"),
        ("[]", "be a recipe of format 1"),
    ]:
        with pytest.raises(ValueError, match=f"`text` must {rule}"):
            _checks.recipe(value, "mark", 1, "to_json")
