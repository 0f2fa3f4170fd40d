import keras
import numpy as np
import pytest
from keras import layers, ops

from tfcompress.export.export_error import ExportError
from tfcompress.export.tflite import to_tflite
from tfcompress.layers.binary_dense import BinaryDense
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.layers.low_rank_dense import LowRankDense
from tfcompress.runtime.tflite_model import TFLiteModel


def assert_same(path, model, x, atol=1e-5):
    np.testing.assert_allclose(TFLiteModel(path).predict(x), model(x), atol=atol)


def prune(model, block, rng, sparsity=0.9):
    """Prunes kernels in blocks of `block` inputs."""
    for layer in model.layers:
        kernel = layer.kernel.numpy()
        blocks = rng.random((kernel.shape[0] // block, *kernel.shape[1:])) >= sparsity
        layer.kernel.assign(kernel * np.repeat(blocks, block, axis=0))


class TestFloat:
    def test_file_gives_what_the_model_gives(self, mlp, tmp_path, rng):
        x = rng.normal(size=(5, 32)).astype("float32")
        result = to_tflite(mlp, tmp_path / "model.tflite", probe=x)
        error = np.abs(TFLiteModel(result.path).predict(x) - mlp(x).numpy()).max()
        assert result.max_error == pytest.approx(error, abs=1e-12)
        assert result.max_error < 1e-5

    def test_result_says_what_was_made(self, mlp, tmp_path):
        path = str(tmp_path / "model.tflite")
        result = to_tflite(mlp, path)
        assert (str(result.path), result.quantize, result.sparse) == (path, None, False)
        assert result.bytes == result.path.stat().st_size
        assert result.batch_size is None

    def test_dropout_and_batch_normalization_are_those_of_inference(
        self, tmp_path, rng
    ):
        model = keras.Sequential(
            [
                keras.Input((6, 6, 2)),
                layers.Conv2D(4, 3),
                layers.BatchNormalization(),
                layers.Dropout(0.9),
                layers.GlobalAveragePooling2D(),
            ]
        )
        model.layers[1].set_weights(rng.random((4, 4)))
        result = to_tflite(model, tmp_path / "model.tflite")
        assert_same(result.path, model, rng.random((3, 6, 6, 2), "float32"))

    def test_several_inputs_and_outputs_keep_their_names(self, tmp_path, rng):
        a = keras.Input((2,), name="zeta")
        b = keras.Input((3,), name="alpha", dtype="int32")
        looked_up = layers.Flatten()(layers.Embedding(5, 2)(b))
        model = keras.Model(
            {"zeta": a, "alpha": b}, {"y": layers.Dense(2)(a), "x": looked_up}
        )
        inputs = {
            "zeta": rng.random((4, 2), "float32"),
            "alpha": rng.integers(5, size=(4, 3)),
        }
        file = TFLiteModel(to_tflite(model, tmp_path / "model.tflite").path)
        assert file.inputs == {"zeta": (None, 2), "alpha": (None, 3)}
        outputs = file.predict(inputs)
        for name, expected in model(inputs).items():
            np.testing.assert_allclose(outputs[name], expected, atol=1e-6)

    def test_nested_models_and_nested_outputs_are_flattened(self, tmp_path, rng):
        inner = keras.Sequential([keras.Input((2,)), layers.Dense(3)])
        x = keras.Input((2,))
        h = inner(x)
        model = keras.Model([x], [h, [ops.sin(h), x]])
        values = rng.random((4, 2), "float32")
        outputs = TFLiteModel(to_tflite(model, tmp_path / "m.tflite").path).predict(
            values
        )
        for got, expected in zip(
            outputs, keras.tree.flatten(model([values])), strict=True
        ):
            np.testing.assert_allclose(got, expected, atol=1e-6)

    def test_a_subclassed_model_needs_one_call(self, tmp_path):
        @keras.saving.register_keras_serializable("test")
        class Twice(keras.Model):
            def __init__(self):
                super().__init__()
                self.dense = layers.Dense(2)

            def call(self, x):
                return self.dense(x) * 2

        model = Twice()
        x = np.ones((3, 4), "float32")
        model(x)
        assert_same(to_tflite(model, tmp_path / "model.tflite").path, model, x)

    def test_a_model_in_half_precision_is_written_in_float32(self, tmp_path, rng):
        keras.config.set_dtype_policy("mixed_float16")
        model = keras.Sequential(
            [
                keras.Input((4,)),
                layers.Dense(8, "relu"),
                layers.Dense(2, dtype="float32"),
            ]
        )
        x = rng.random((5, 4), "float32")
        path = to_tflite(model, tmp_path / "model.tflite").path
        full = np.maximum(x @ model.layers[0].kernel.numpy(), 0)
        full = full @ model.layers[1].kernel.numpy()
        np.testing.assert_allclose(TFLiteModel(path).predict(x), full, atol=1e-6)

    def test_recurrent_layers_take_one_example_at_a_time(self, lstm, tmp_path, rng):
        result = to_tflite(lstm, tmp_path / "model.tflite")
        assert result.batch_size == 1
        assert_same(result.path, lstm, rng.random((3, 3, 2), "float32"))

    def test_unrolled_layers_take_any_number_of_examples_and_int8(self, tmp_path, rng):
        first = layers.LSTM(8, return_sequences=True, unroll=True)
        cells = [first, layers.GRU(8, unroll=True)]
        model = keras.Sequential([keras.Input((4, 3), name="x"), *cells])
        x = rng.random((30, 4, 3), "float32")
        whole = to_tflite(model, tmp_path / "whole.tflite")
        small = to_tflite(
            model, tmp_path / "small.tflite", quantize="int8", representative_data=x
        )
        assert whole.batch_size is small.batch_size is None
        assert_same(whole.path, model, x)
        assert_same(small.path, model, x, atol=0.05)

    def test_attention_over_a_recurrent_layer_of_two_inputs(self, tmp_path, rng):
        words = keras.Input((6,), dtype="int32", name="words")
        facts = keras.Input((3,), name="facts")
        y = layers.GRU(8, return_sequences=True)(layers.Embedding(20, 8)(words))
        y = layers.LayerNormalization()(y + layers.MultiHeadAttention(2, 4)(y, y))
        y = layers.Concatenate()([layers.GlobalAveragePooling1D()(y), facts])
        outputs = {"kind": layers.Dense(3, "softmax")(y), "age": layers.Dense(1)(y)}
        model = keras.Model([words, facts], outputs)
        x = {"words": rng.integers(20, size=(5, 6)), "facts": rng.random((5, 3), "f")}
        result = to_tflite(model, tmp_path / "model.tflite")
        got = TFLiteModel(result.path).predict(x)
        for name, expected in model([x["words"], x["facts"]]).items():
            np.testing.assert_allclose(got[name], expected, atol=1e-5)

    def test_low_rank_stays_two_products(self, tmp_path):
        low = LowRankDense(256, rank=4, use_bias=False)
        model = keras.Sequential([keras.Input((256,)), low])
        result = to_tflite(model, tmp_path / "model.tflite")
        assert 4 * 4 * 512 < result.bytes < 4 * 4 * 512 + 2000 < 4 * 256 * 256
        assert result.max_error < 1e-5

    def test_the_batch_size_may_be_set(self, pair, tmp_path):
        result = to_tflite(pair, tmp_path / "model.tflite", batch_size=3)
        assert result.batch_size == 3
        assert TFLiteModel(result.path).inputs == {"x": (3, 2)}

    def test_a_probe_sets_the_sizes_that_are_free(self, tmp_path, rng):
        model = keras.Sequential([keras.Input((None, 2)), layers.Conv1D(3, 2)])
        probe = rng.random((2, 7, 2), "float32")
        result = to_tflite(model, tmp_path / "model.tflite", probe=probe)
        assert list(TFLiteModel(result.path).inputs.values()) == [(None, 7, 2)]

    def test_a_hashed_layer_is_written_with_its_whole_weight(self, tmp_path, rng):
        model = keras.Sequential([keras.Input((64,)), HashedDense(64, ratio=1 / 8)])
        result = to_tflite(model, tmp_path / "model.tflite")
        assert result.bytes > 64 * 64 * 4
        assert_same(result.path, model, rng.random((3, 64), "float32"))

    def test_the_model_is_left_as_it_was(self, tmp_path):
        model = keras.Sequential([keras.Input((16,)), HashedDense(16, ratio=1 / 8)])
        model.compile("sgd", "mse")
        before = [w.copy() for w in model.get_weights()]
        to_tflite(model, tmp_path / "model.tflite")
        x = np.ones((4, 16), "float32")
        np.testing.assert_array_equal(model.get_weights()[0], before[0])
        model.fit(x, 9 * x, verbose=0)  # the kernel is a variable's again
        assert np.abs(model.get_weights()[0] - before[0]).max() > 0


class TestQuantized:
    @pytest.mark.parametrize(
        ("quantize", "ratio"), [("float16", 1 / 2), ("dynamic", 1 / 4), ("int4", 1 / 8)]
    )
    def test_bytes_follow_the_bits(self, mlp, tmp_path, quantize, ratio):
        whole = to_tflite(mlp, tmp_path / "whole.tflite").bytes
        result = to_tflite(mlp, tmp_path / "small.tflite", quantize=quantize)
        assert result.quantize == quantize
        # Names, scales and biases are not quantized.
        assert ratio * whole < result.bytes < ratio * whole + 2500

    def test_int8_learns_ranges_from_representative_data(self, mlp, tmp_path, rng):
        x = rng.normal(size=(50, 32)).astype("float32")
        result = to_tflite(
            mlp, tmp_path / "m.tflite", quantize="int8", representative_data=x
        )
        assert result.bytes < to_tflite(mlp, tmp_path / "whole.tflite").bytes / 2
        assert result.max_error < 0.05 * np.abs(mlp(x)).max()

    def test_two_bits_carry_ternary_weights_exactly(self, mlp, tmp_path, rng):
        mlp.pop()
        kernel = rng.integers(-1, 2, (32, 64)) * rng.random(64)
        mlp.layers[0].kernel.assign(kernel)
        x = rng.choice([0.0, 1.0], (8, 32))  # which quantize exactly too
        result = to_tflite(mlp, tmp_path / "m.tflite", quantize="int2", probe=x)
        assert result.max_error < 1e-5
        assert result.bytes < to_tflite(mlp, tmp_path / "whole.tflite").bytes / 3

    def test_two_bits_carry_a_binary_layer(self, tmp_path, rng):
        model = keras.Sequential([keras.Input((64,)), BinaryDense(64)])
        x = rng.choice([0.0, 1.0], (8, 64))
        result = to_tflite(model, tmp_path / "m.tflite", quantize="int2", probe=x)
        assert result.max_error < 1e-4

    def test_two_bits_of_ordinary_weights_are_refused(self, mlp, tmp_path):
        with pytest.raises(ExportError, match=r"is off by .* Two bits suit weights"):
            to_tflite(mlp, tmp_path / "m.tflite", quantize="int2")
        assert not any(tmp_path.iterdir())

    @pytest.mark.parametrize("quantize", ["int4", "int2"])
    def test_few_bits_for_convolutions_are_refused(self, tmp_path, quantize):
        model = keras.Sequential([keras.Input((6, 6, 1)), layers.Conv2D(2, 3)])
        with pytest.raises(
            ExportError, match=r"has convolutions \(TensorFlow's Conv2D\)"
        ):
            to_tflite(model, tmp_path / "m.tflite", quantize=quantize)

    def test_few_bits_without_dense_layers_are_refused(self, tmp_path):
        model = keras.Sequential([keras.Input((4,)), layers.Activation("relu")])
        with pytest.raises(ExportError, match="there is no dense layer to quantize"):
            to_tflite(model, tmp_path / "m.tflite", quantize="int4")

    def test_int8_of_a_loop_ends_a_child_and_not_us(self, lstm, tmp_path, rng):
        x = rng.random((8, 3, 2))
        with pytest.raises(ExportError, match=r"converter crashes .* with loops"):
            to_tflite(
                lstm, tmp_path / "m.tflite", quantize="int8", representative_data=x
            )
        assert not any(tmp_path.iterdir())

    def test_a_model_quantized_by_keras_is_refused(self, tmp_path):
        x = keras.Input((4,))
        dense = layers.Dense(2)
        model = keras.Model(x, dense(x))
        dense.quantize("int8")
        with pytest.raises(ExportError, match=r"quantized by `model\.quantize`"):
            to_tflite(model, tmp_path / "m.tflite")


class TestSparse:
    @pytest.mark.parametrize(
        ("block", "quantize"), [(1, None), (4, None), (1, "float16"), (16, "int8")]
    )
    def test_zeros_are_left_out_where_that_works(
        self, mlp, tmp_path, rng, block, quantize
    ):
        prune(mlp, block, rng)
        options = {
            "quantize": quantize,
            "representative_data": rng.random((30, 32), "float32"),
        }
        result = to_tflite(mlp, tmp_path / "m.tflite", **options)
        plain = to_tflite(mlp, tmp_path / "plain.tflite", sparse=False, **options)
        assert (result.sparse, plain.sparse) == (True, False)
        assert result.bytes < 0.75 * plain.bytes

    @pytest.mark.parametrize(
        ("block", "quantize"),
        [(4, "float16"), (1, "int8"), (16, "dynamic"), (4, "int4")],
    )
    def test_zeros_stay_where_leaving_them_out_fails(
        self, mlp, tmp_path, rng, block, quantize
    ):
        prune(mlp, block, rng)
        x = rng.random((30, 32), "float32")
        result = to_tflite(
            mlp, tmp_path / "m.tflite", quantize=quantize, representative_data=x
        )
        assert not result.sparse

    @pytest.mark.parametrize(
        ("block", "quantize", "match"),
        [
            (4, "float16", "blocks of 4 inputs: LiteRT gives NaN"),
            (1, "int8", r"blocks of 16 inputs: .*`Block\(\(16, 1\)\)`"),
        ],
    )
    def test_what_fails_is_refused_by_name(
        self, mlp, tmp_path, rng, block, quantize, match
    ):
        prune(mlp, block, rng)
        x = rng.random((30, 32), "float32")
        with pytest.raises(ExportError, match=match):
            to_tflite(
                mlp,
                tmp_path / "m.tflite",
                quantize=quantize,
                representative_data=x,
                sparse=True,
            )
        assert not any(tmp_path.iterdir())

    @pytest.mark.parametrize("quantize", ["dynamic", "int4", "int2"])
    def test_pairs_that_never_work_are_refused_at_once(self, mlp, tmp_path, quantize):
        match = f"`sparse` must not be True with quantize='{quantize}'"
        with pytest.raises(ValueError, match=match):
            to_tflite(mlp, tmp_path / "m.tflite", quantize=quantize, sparse=True)

    def test_sparse_without_zeros_is_refused(self, mlp, tmp_path):
        with pytest.raises(
            ExportError, match="needs a weight with more than 30% zeros"
        ):
            to_tflite(mlp, tmp_path / "m.tflite", sparse=True)
