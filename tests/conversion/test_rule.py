import keras
import pytest

from tfcompress.conversion.rule import Rule
from tfcompress.kernels.full import Full
from tfcompress.layers.compressed_dense import CompressedDense


@pytest.mark.parametrize(
    ("which", "matches"),
    [
        ("dense", True),
        ("den*", True),
        ("Dense", False),
        (keras.layers.Dense, True),
        (keras.layers.Layer, False),
        (lambda layer: layer.units == 3, True),
    ],
)
def test_matches_by_name_glob_class_and_predicate(which, matches):
    rule = Rule(which, Full())
    assert rule.matches(keras.layers.Dense(3, name="dense")) is matches


def test_a_name_and_a_class_are_strict():
    assert Rule("dense", Full()).is_strict
    assert Rule(keras.layers.Dense, Full()).is_strict
    assert not Rule("*", Full()).is_strict
    assert not Rule(lambda layer: True, Full()).is_strict


def test_host_and_options_of_a_pair():
    rule = Rule("dense", (CompressedDense, {"kernel": Full()}))
    assert rule.host is CompressedDense
    assert list(rule.options) == ["kernel"]


def test_unknown_host_in_a_file_is_refused():
    with pytest.raises(ValueError, match="`host` must be a registered layer class"):
        Rule.from_config({"which": "a", "host": "tfcompress>None", "options": {}})


def test_unknown_layer_class_in_a_file_is_refused():
    config = {"which": {"layer_class": "Nothing"}, "host": "", "options": {}}
    with pytest.raises(ValueError, match="`layer_class` must be a class of"):
        Rule.from_config(config)
