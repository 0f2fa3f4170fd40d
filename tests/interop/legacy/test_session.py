import json

import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.interop import keras_3_config
from tfcompress.interop.probe import outputs
from tfcompress.interop.weights import collect


@pytest.fixture
def model(rng):
    x = keras.Input((3,), name="x")
    inner = keras.Sequential(
        [keras.Input((3,)), layers.Dense(3, name="d")], name="inner"
    )
    y = layers.BatchNormalization(name="n")(inner(x))
    model = keras.Model({"x": x}, [y, layers.Dense(2, name="last")(y)])
    model.set_weights([rng.random(w.shape) for w in model.get_weights()])
    return model


@pytest.fixture
def built(legacy, model):
    graph = keras_3_config.read(model)
    legacy.build(graph, collect(graph, model))
    return legacy


def test_what_was_built_predicts_the_same(built, model, rng):
    batch = [rng.random((4, 3), "float32")]
    for ours, theirs in zip(outputs(model, batch), built.predict(batch), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_what_was_saved_is_loaded(built, tmp_path, rng):
    batch = [rng.random((4, 3), "float32")]
    before = built.predict(batch)
    built.do("save", path=str(tmp_path / "model.h5"))
    built.do("load", path=str(tmp_path / "model.h5"))
    for ours, theirs in zip(before, built.predict(batch), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_description_has_the_graph_and_the_weights_by_path(built, model):
    built.do("describe")
    entry = json.loads((built.folder / "config.json").read_text())
    assert entry["config"]["input_layers"] == {"x": ["x", 0, 0]}
    ours, theirs = collect(keras_3_config.read(model), model), built.read("weights")
    assert theirs.keys() == ours.keys()
    assert {"inner/d:0", "n:3", "last:1"} < theirs.keys()
    for path, array in ours.items():
        np.testing.assert_array_equal(theirs[path], array)
    assert json.loads((built.folder / "ranges.json").read_text()) == {}


def test_what_legacy_keras_does_not_have_is_refused_by_name(legacy):
    normal = layers.RMSNormalization(name="rms")
    model = keras.Sequential([keras.Input((3,)), normal])
    graph = keras_3_config.read(model)
    with pytest.raises(ValueError, match="Layer 'rms': only one of the two has this"):
        legacy.build(graph, collect(graph, model))
