import math

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
