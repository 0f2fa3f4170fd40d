import logging

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from tfcompress.export.serving import (
    compact,
    expanded,
    named_outputs,
    operations,
    serving_function,
    stored,
    write_saved_model,
)
from tfcompress.export.signature import Signature
from tfcompress.layers.binary_dense import BinaryDense
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.layers.low_rank_dense import LowRankDense


@pytest.mark.parametrize("weights", [stored, expanded, compact])
@pytest.mark.parametrize(
    "layer",
    [
        HashedDense(16, ratio=1 / 4, seed=1),
        HashedDense(16, ratio=1 / 4, seed=1, tables=False),
        LowRankDense(16, rank=2),
        BinaryDense(16),
    ],
    ids=lambda layer: layer.name,
)
def test_both_forms_of_a_weight_give_what_the_model_gives(layer, weights, rng):
    model = keras.Sequential([keras.Input((8,)), layer])
    function = serving_function(model, Signature.of(model), weights=weights)
    x = rng.random((3, 8), "float32")
    np.testing.assert_allclose(function(tf.constant(x)), model(x), atol=1e-5)


def test_an_expanded_weight_is_not_computed_in_the_graph():
    model = keras.Sequential([keras.Input((8,)), BinaryDense(16)])
    signature = Signature.of(model)
    kept = operations(serving_function(model, signature, weights=stored))
    read = operations(serving_function(model, signature, weights=expanded))
    assert "GreaterEqual" in kept
    assert read <= {
        "Placeholder",
        "MatMul",
        "BiasAdd",
        "AddV2",
        "Const",
        "Identity",
        "NoOp",
        "ReadVariableOp",
    }


def test_the_model_computes_its_weight_again_afterwards():
    model = keras.Sequential([keras.Input((8,)), BinaryDense(16)])
    serving_function(model, Signature.of(model), weights=expanded)
    assert "full" not in vars(model.layers[0].kernels["kernel"])


def test_operations_are_found_in_inner_functions(lstm):
    function = serving_function(lstm, Signature.of(lstm), weights=expanded)
    found = operations(function)
    assert "While" in found
    assert "Sigmoid" in found  # inside the body of the loop


def test_outputs_have_names():
    assert named_outputs("a") == {"output_0": "a"}
    assert named_outputs(["a", ["b", "c"]]) == {
        "output_0": "a",
        "output_1": "b",
        "output_2": "c",
    }
    assert named_outputs({"x": "a", "y": "b"}) == {"x": "a", "y": "b"}
    assert named_outputs({"x": ["a", "b"]}) == {"output_0": "a", "output_1": "b"}


def test_the_saved_model_has_one_endpoint(pair, tmp_path):
    function = serving_function(pair, Signature.of(pair), weights=stored)
    write_saved_model(function, tmp_path / "served")
    loaded = tf.saved_model.load(str(tmp_path / "served"))
    assert set(loaded.signatures) == {"serve", "serving_default"}
    np.testing.assert_array_equal(loaded.serve(tf.constant([[2.0, 3.0]])), [[5.0]])


def test_nobody_is_told_of_a_draft(pair, tmp_path, caplog):
    logger = tf.get_logger()
    caplog.set_level(logging.INFO, logger.name)  # as it is in a notebook
    logger.addHandler(caplog.handler)
    function = serving_function(pair, Signature.of(pair), weights=stored)

    write_saved_model(function, tmp_path / "served")

    logger.removeHandler(caplog.handler)
    assert not caplog.records
    assert logger.level == logging.INFO


def test_layers_are_called_for_inference(rng):
    model = keras.Sequential([keras.Input((8,)), layers.Dropout(0.5)])
    function = serving_function(model, Signature.of(model), weights=stored)
    x = rng.random((3, 8), "float32")
    np.testing.assert_array_equal(function(tf.constant(x)), x)
