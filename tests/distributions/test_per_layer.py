import keras
import pytest

from tfcompress.distributions.per_layer import PerLayer


@pytest.fixture
def model():
    parts = [keras.layers.Dense(4, name=name) for name in ("fc1", "fc2", "head")]
    return keras.Sequential([keras.Input((4,)), *parts])


def sparsities(layers, model, final=0.9):
    kernels = [layer.kernel for layer in model.layers]
    return PerLayer(layers).sparsities(model, kernels, final)


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ({"head": 0.5}, [0.9, 0.9, 0.5]),
        ({"fc*": 0.95, "fc2": 0.8}, [0.95, 0.8, 0.9]),
        ({keras.layers.Dense: 0.7, "head/kernel": 0.0}, [0.7, 0.7, 0.0]),
    ],
)
def test_named_layers_have_their_own_and_the_last_entry_wins(layers, expected, model):
    assert sparsities(layers, model) == expected


def test_name_of_no_layer_is_refused(model):
    with pytest.raises(ValueError, match="`which` must name trainable kernels"):
        sparsities({"tail": 0.5}, model)


def test_name_of_no_pruned_layer_is_refused(model):
    with pytest.raises(ValueError, match="`layers` must name weights that this"):
        PerLayer({"head": 0.5}).sparsities(model, [model.layers[0].kernel], 0.9)


@pytest.mark.parametrize(
    ("layers", "kind", "message"),
    [
        ({"head": 1.0}, ValueError, r"`layers\['head'\]` must be a number in \[0, 1\)"),
        ({}, ValueError, "`layers` must name something"),
        (0.5, TypeError, "`layers` must be a mapping"),
    ],
)
def test_what_is_no_mapping_to_sparsities_is_refused(layers, kind, message):
    with pytest.raises(kind, match=message):
        PerLayer(layers)
