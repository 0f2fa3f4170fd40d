import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from tfcompress.export.export_error import ExportError
from tfcompress.export.saved_model import to_saved_model
from tfcompress.layers.hashed_dense import HashedDense


def variables(path):
    return sum(file.stat().st_size for file in (path / "variables").iterdir())


def test_loaded_function_gives_what_the_model_gives(mlp, tmp_path, rng):
    x = rng.normal(size=(5, 32)).astype("float32")
    result = to_saved_model(mlp, tmp_path / "served", probe=x)
    loaded = tf.saved_model.load(str(result.path))
    np.testing.assert_allclose(loaded.serve(x), mlp(x), atol=1e-6)
    assert result.max_error < 1e-6


def test_the_signature_has_the_names_of_the_inputs(mlp, tmp_path):
    loaded = tf.saved_model.load(str(to_saved_model(mlp, tmp_path / "served").path))
    x = tf.ones((2, 32))
    outputs = loaded.signatures["serving_default"](x=x)
    np.testing.assert_allclose(outputs["output_0"], mlp(x), atol=1e-6)


def test_it_loads_as_a_layer(mlp, tmp_path, rng):
    to_saved_model(mlp, tmp_path / "served")
    layer = keras.layers.TFSMLayer(str(tmp_path / "served"))
    for examples in (1, 7):
        x = rng.normal(size=(examples, 32)).astype("float32")
        np.testing.assert_allclose(layer(x), mlp(x), atol=1e-6)


def test_it_is_trained_on_as_a_layer(tmp_path, rng):
    small = keras.Sequential([keras.Input((8,)), HashedDense(1, ratio=1 / 2, seed=0)])
    to_saved_model(small, tmp_path / "served")
    layer = keras.layers.TFSMLayer(str(tmp_path / "served"))
    x = keras.Input((8,))
    model = keras.Model(x, layer(x))
    model.compile("sgd", "mse")
    x = rng.normal(size=(64, 8)).astype("float32")
    assert model.evaluate(x, 3 + small(x), verbose=0) == pytest.approx(9)

    model.fit(x, 3 + small(x), epochs=20, verbose=0)

    assert [w.shape for w in layer.trainable_weights] == [(4, 1), (1,)]
    # Only the bias is wrong, and each of the 40 steps takes 2 % of that away.
    loss = model.evaluate(x, 3 + small(x), verbose=0)
    assert loss == pytest.approx(9 * 0.98**80, rel=0.1)
    assert to_saved_model(model, tmp_path / "again").max_error < 1e-6


def test_tensorflow_finds_what_can_be_trained(tmp_path):
    stack = [layers.Dense(3, use_bias=False), layers.BatchNormalization(scale=False)]
    model = keras.Sequential([keras.Input((2,)), *stack])
    to_saved_model(model, tmp_path / "served")
    loaded = tf.saved_model.load(str(tmp_path / "served"))
    with tf.GradientTape() as tape:
        outputs = loaded.serve(tf.ones((1, 2)))
    kernel, shift = tape.gradient(outputs, loaded.trainable_variables)
    np.testing.assert_array_equal(shift, np.ones(3))
    np.testing.assert_allclose(kernel, np.full((2, 3), 1 / np.sqrt(1.001)), rtol=1e-5)


def test_each_weight_is_stored_once(tmp_path):
    model = keras.Sequential([keras.Input((100,)), layers.Dense(1000)])
    result = to_saved_model(model, tmp_path / "served")
    model.export(str(tmp_path / "theirs"), verbose=False)
    once = 4 * model.count_params()
    assert once < variables(result.path) < 1.02 * once
    assert variables(tmp_path / "theirs") > 2 * once
    files = [file for file in result.path.rglob("*") if file.is_file()]
    assert result.bytes == sum(file.stat().st_size for file in files) < 1.1 * once


def test_a_hashed_layer_stores_no_tables(tmp_path):
    hashed = HashedDense(512, ratio=1 / 64, block_size=1, use_bias=False)
    model = keras.Sequential([keras.Input((512,)), hashed])
    result = to_saved_model(model, tmp_path / "served")
    assert result.max_error == 0
    # 4,096 values. The graph is about 30 KB; a table of places would take 1 MB.
    assert result.bytes < 4 * 4096 + 50_000


def test_several_inputs_and_outputs_keep_their_structure(tmp_path):
    a, b = keras.Input((2,), name="a"), keras.Input((2,), name="b")
    model = keras.Model([a, b], {"sum": a + b, "difference": a - b})
    to_saved_model(model, tmp_path / "served")
    layer = keras.layers.TFSMLayer(str(tmp_path / "served"))
    outputs = layer([np.full((1, 2), 5.0, "f"), np.full((1, 2), 2.0, "f")])
    assert {name: float(y[0, 0]) for name, y in outputs.items()} == {
        "sum": 7,
        "difference": 3,
    }


def test_sizes_that_are_free_stay_free(tmp_path, rng):
    model = keras.Sequential([keras.Input((None, 2)), layers.Conv1D(3, 2)])
    result = to_saved_model(
        model, tmp_path / "served", probe=rng.random((1, 4, 2), "float32")
    )
    x = rng.random((2, 9, 2), "float32")
    loaded = tf.saved_model.load(str(result.path))
    np.testing.assert_allclose(loaded.serve(x), model(x), atol=1e-6)


def test_an_older_saved_model_is_replaced(pair, mlp, tmp_path):
    to_saved_model(mlp, tmp_path / "served")
    to_saved_model(pair, tmp_path / "served")
    loaded = tf.saved_model.load(str(tmp_path / "served"))
    np.testing.assert_array_equal(loaded.serve(tf.constant([[1.0, 2.0]])), [[3.0]])
    assert [path.name for path in tmp_path.iterdir()] == ["served"]


class TestRefusals:
    def test_a_model_that_draws_at_inference(self, tmp_path):
        @keras.saving.register_keras_serializable("test")
        class Noisy(layers.Layer):
            def call(self, x):
                return x + keras.random.normal((2,))

        model = keras.Sequential([keras.Input((2,)), Noisy()])
        with pytest.raises(ExportError, match="Does a layer draw random numbers"):
            to_saved_model(model, tmp_path / "served")
        assert not any(tmp_path.iterdir())

    def test_something_else_than_a_model(self, tmp_path):
        with pytest.raises(TypeError, match="`model` must be a Keras model"):
            to_saved_model(layers.Dense(1), tmp_path / "served")

    def test_weights_that_are_not_finite(self, pair, tmp_path):
        pair.layers[0].kernel.assign([[np.inf], [1]])
        with pytest.raises(ExportError, match="`model` itself gives NaN or infinity"):
            to_saved_model(pair, tmp_path / "served")

    @pytest.mark.parametrize(
        ("path", "match"),
        [
            ("file", "`path` must name a folder; this is a file"),
            ("file/served", "`path` must lie in a folder"),
            ("none/served", "`path` must lie in a folder"),
            ("full", "be a new folder, an empty one, or one that holds a SavedModel"),
            ("read_only", "`path` must not be read-only"),
        ],
    )
    def test_bad_targets(self, pair, tmp_path, path, match):
        (tmp_path / "file").touch()
        (tmp_path / "full").mkdir()
        (tmp_path / "full" / "thesis.txt").touch()
        (tmp_path / "read_only").mkdir(mode=0o555)
        with pytest.raises(ValueError, match=match):
            to_saved_model(pair, tmp_path / path)
        assert (tmp_path / "full" / "thesis.txt").exists()

    def test_a_probe_that_does_not_fit(self, pair, tmp_path):
        with pytest.raises(ValueError, match=r"`probe` must have shape \(None, 2\)"):
            to_saved_model(pair, tmp_path / "served", probe=np.ones((1, 5)))
