import keras
import pytest

from tfcompress.tuner.same_search import fingerprint, same_search


def test_the_first_settings_are_noted_and_the_same_ones_are_let_in(tmp_path):
    for _ in range(2):
        same_search(tmp_path / "search.json", {"seed": 1, "layers": None})
    assert [path.name for path in tmp_path.iterdir()] == ["search.json"]


def test_others_are_refused_by_what_is_different(tmp_path):
    same_search(tmp_path / "search.json", {"seed": 1, "alpha": 0.5, "epochs": 2})
    with pytest.raises(ValueError, match="`folder` .* with other seed, epochs\\. Give"):
        same_search(tmp_path / "search.json", {"seed": 2, "alpha": 0.5, "epochs": 3})


def test_a_fingerprint_is_that_of_the_weights():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    first = fingerprint(model)
    assert fingerprint(keras.models.clone_model(model)) != first  # drawn anew
    assert fingerprint(model) == first
