import h5py
import keras
import numpy as np
import pytest
from legacy_configs import layer, nested, sequential, source

from tfcompress.interop import keras_2_config, legacy_h5
from tfcompress.interop.build import build


def write(file, weights, parts=1):
    """Writes arrays by layer and name, the list of names in so many parts."""
    for name, arrays in weights.items():
        group = file.create_group(f"model_weights/{name}")
        for weight, array in arrays.items():
            group[weight] = array
        names = [weight.encode() for weight in arrays]
        if parts == 1:
            group.attrs["weight_names"] = names
        for number in range(parts * (parts > 1)):
            group.attrs[f"weight_names{number}"] = names[number::parts]


@pytest.fixture
def file(tmp_path):
    with h5py.File(tmp_path / "model.h5", "w") as file:
        yield file


def loaded(entry, file):
    graph = keras_2_config.read(entry)
    model = build(graph, keras)
    legacy_h5.assign(graph, model, file)
    return model


TEXT = '{"config": {"name": "m"}}'


@pytest.mark.parametrize("text", [TEXT, TEXT.encode()])
def test_config_is_json_in_an_attribute(file, text):
    file.attrs["model_config"] = text
    assert legacy_h5.config(file) == {"config": {"name": "m"}}


@pytest.mark.parametrize("parts", [1, 2])
def test_weights_come_by_the_name_of_their_layer(file, parts):
    entry = sequential(
        source("x", 1), layer("Dense", "b/d", units=1), layer("Dense", "a", units=1)
    )
    weights = {
        name: {
            f"{name}/kernel:0": np.full((1, 1), n),
            f"{name}/bias:0": np.full(1, n + 1),
        }
        for name, n in (("a", 1), ("b/d", 3))
    }
    write(file, weights, parts)
    # a: 1 x + 2, after b: 3 x + 4
    assert loaded(entry, file)(np.ones((1, 1))).numpy().tolist() == [[9]]


def test_of_a_nested_model_all_that_is_trained_comes_first(file):
    norm = layer("BatchNormalization", "n", axis=[1], epsilon=0.0)
    inner = sequential(
        source("y", 1), norm, layer("Dense", "d", units=1, use_bias=False), name="inner"
    )
    values = {"gamma": 3, "beta": 4, "kernel": 5, "mean": 6, "variance": 1}
    arrays = {name: np.full(1, value) for name, value in values.items()}
    arrays["kernel"] = arrays["kernel"][:, None]
    write(file, {"inner": arrays})
    model = loaded(sequential(source("x", 1), nested(inner, "inner")), file)
    # ((7 - 6) / 1 * 3 + 4) * 5
    np.testing.assert_allclose(model(np.full((1, 1), 7.0)), [[35]], rtol=1e-6)


def test_weights_of_another_layer_are_refused(file):
    write(file, {"a": {"kernel": np.zeros((2, 1)), "bias": np.zeros(1)}})
    entry = sequential(source("x", 1), layer("Dense", "a", units=1))
    with pytest.raises(ValueError, match=r"Layer 'a': .*\[\(1, 1\), \(1,\)\] here"):
        loaded(entry, file)
