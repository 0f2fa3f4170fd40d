import json

import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.interop import keras_3_config
from tfcompress.interop.weights import collect

FITTING = {"optimizer": "adam", "learning_rate": 0.01, "epochs": 1, "batch_size": 16}


def train(legacy, model, job, loss="mse", **options):
    graph = keras_3_config.read(model)
    legacy.build(graph, collect(graph, model))
    x = np.random.default_rng(0).random((32, *model.input_shape[1:]), "float32")
    options = {"seed": 1, "loss": loss, **FITTING, **options}
    legacy.train(job, [x], np.zeros((32, *model.output_shape[1:])), **options)
    legacy.do("describe")
    return legacy.read("weights")


def test_clustered_weights_have_few_values_and_no_wrappers(legacy):
    model = keras.Sequential(
        [keras.Input((6,)), layers.Dense(8, name="a"), layers.Dense(2, name="b")]
    )
    clustering = {"number_of_clusters": 3, "start": "LINEAR"}
    weights = train(legacy, model, "cluster", **clustering)
    assert weights.keys() == {"a:0", "a:1", "b:0", "b:1"}
    assert [len(np.unique(weights[name])) for name in ("a:0", "b:0")] == [3, 3]
    again = train(legacy, model, "cluster", **clustering)
    np.testing.assert_array_equal(again["a:0"], weights["a:0"])


def test_losses_of_keras_are_made_with_their_arguments(legacy):
    model = keras.Sequential([keras.Input((6,)), layers.Dense(1, name="a")])
    config = {"reduction": "none", "name": "x", "from_logits": True}
    loss = {"class_name": "BinaryCrossentropy", "config": config}
    assert train(legacy, model, "quantize", loss)["a:0"].shape == (6, 1)
    with pytest.raises(ValueError, match="TypeError: .*unexpected keyword .*unheard"):
        train(legacy, model, "quantize", {**loss, "config": {"unheard": 1}})


def test_what_a_separable_convolution_becomes_gets_names_of_its_own(legacy):
    pixels = keras.Input((4, 4, 2))
    z = layers.Conv2D(2, 1, name="conv2d")(pixels)
    z = layers.SeparableConv2D(2, 3, name="separable_conv2d")(z)
    train(legacy, keras.Model(pixels, z), "quantize")
    entry = json.loads((legacy.folder / "config.json").read_text())
    names = [one["name"] for one in entry["config"]["layers"]]
    assert names[2:] == ["quant_conv2d", "quant_depthwise_conv2d", "quant_conv2d_1"]
    ranges = json.loads((legacy.folder / "ranges.json").read_text())
    assert (
        len(ranges["conv2d"]["weights"]["kernel"]["high"]) == 2
    )  # one for each channel


def test_what_cannot_be_trained_so_is_refused_in_a_line(legacy):
    model = keras.Sequential([keras.Input((4, 2)), layers.Conv1D(2, 3, name="c")])
    with pytest.raises(
        ValueError, match="Legacy Keras refuses it. RuntimeError: Layer c:"
    ):
        train(legacy, model, "quantize")
