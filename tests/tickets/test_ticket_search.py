import json

import numpy as np
import pytest
from searching import model_fn, search

from tfcompress.masks import Masks


@pytest.fixture(scope="module")
def found():
    return search(controls="random_mask", rounds=1)


def test_ticket_is_given_to_another_model(found):
    other = model_fn()
    found.give(other)
    assert Masks.of(other) == found.masks[-1]
    start, mask = found.weights[0], next(iter(found.masks[-1]))
    np.testing.assert_array_equal(other.get_weights()[0], start * mask)
    found.give(other, round=0)
    assert Masks.of(other) == found.masks[0]


def test_models_of_other_shapes_and_other_rounds_are_refused(found):
    with pytest.raises(ValueError, match="`model` must have weights of shapes"):
        found.give(model_fn(units=3))
    with pytest.raises(ValueError, match="`round` must be an integer in"):
        found.give(model_fn(), round=2)


def test_json_has_settings_and_trainings(found, tmp_path):
    content = json.loads(found.to_json(tmp_path / "search.json"))
    assert json.loads((tmp_path / "search.json").read_text()) == content
    assert content["settings"]["fraction"] == 0.5
    assert [row["variant"] for row in content["trained"]] == [
        "ticket", "random_mask", "ticket"
    ]  # fmt: skip


def test_plot_is_written_and_knows_its_metrics(found, tmp_path):
    assert found.plot(tmp_path / "search.png").stat().st_size > 1000
    with pytest.raises(ValueError, match="`metric` must be one of"):
        found.plot(tmp_path / "search.png", "val_f1")
