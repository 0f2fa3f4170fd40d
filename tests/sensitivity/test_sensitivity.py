import json

import pytest

from tfcompress.methods.units import Units
from tfcompress.methods.zeros import Zeros
from tfcompress.sensitivity.sensitivity import sensitivity


def row(found, layer, method, ratio):
    [one] = [
        r
        for r in found.rows
        if (r.layer, str(r.method), r.ratio) == (layer, method, ratio)
    ]
    return one


def test_a_layer_of_rank_one_loses_nothing_in_low_rank(found):
    assert found.accuracy == 1.0
    assert row(found, "a", "LowRank", 0.25).accuracy == 1.0
    assert row(found, "a", "LowRank", 0.25).distance < 1e-5
    assert row(found, "b", "LowRank", 0.25).distance > 0.1


def test_small_weights_can_be_zero(found):
    assert row(found, "b", "Zeros", 0.5).distance < 1e-4
    assert row(found, "b", "Zeros", 0.25).distance > 0.1


def test_parameters_are_those_of_the_whole_model(found):
    assert found.parameters == 128
    assert row(found, "a", "LowRank", 0.25).parameters == 64 + 16  # rank 1


def test_the_layer_that_costs_most_comes_first(found):
    assert found.most_sensitive() == ["b", "a"]


def test_what_cannot_be_done_says_why(model, data):
    found = sensitivity(model, data, ratios=[0.05])
    faults = [r.fault for r in found.rows if str(r.method) == "LowRank"]
    assert len(faults) == 2
    assert all("rank 1" in fault for fault in faults)
    assert "-: not possible, as `rows` say (2)." in str(found)


def test_only_the_layers_asked_for_are_compressed(model, data):
    found = sensitivity(model, data, methods=[Zeros()], ratios=[0.5], layers="b*")
    assert [r.layer for r in found.rows] == ["b"]


def test_json_holds_every_row(found, tmp_path):
    found.to_json(tmp_path / "found.json")
    written = json.loads((tmp_path / "found.json").read_text())
    assert len(written["rows"]) == len(found.rows) == 8
    assert written["rows"][0]["label"] == "LowRank"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layers": ["c"]}, "`layers` must name layers that a method suits"),
        ({"methods": [], "layers": None}, "`methods` must be a list of objects"),
        ({"ratios": [1.0]}, "`ratios` must be a number in"),
    ],
)
def test_what_makes_no_sense_is_refused(model, data, change, message):
    with pytest.raises(ValueError, match=message):
        sensitivity(model, data, **change)


def test_data_and_methods_are_checked(model, data):
    with pytest.raises(ValueError, match=r"`data` must be a pair"):
        sensitivity(model, data[0])
    with pytest.raises(TypeError, match="`methods` must be objects"):
        sensitivity(model, data, methods=[Units])
