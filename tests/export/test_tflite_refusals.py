import pathlib

import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.export import conversion
from tfcompress.export.export_error import ExportError
from tfcompress.export.tflite import to_tflite


def another_weight(source, path, **options):
    """A converter that goes wrong without a word."""
    model = keras.Sequential([keras.Input((2,), name="x"), layers.Dense(1)])
    model.layers[0].kernel.assign([[1], [-1]])
    to_tflite(model, path)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "model.tflite"


class TestWrongFiles:
    @pytest.fixture(autouse=True)
    def _converter_goes_wrong(self, monkeypatch):
        self.convert = conversion.convert

        def once(source, path, **options):
            monkeypatch.setattr(conversion, "convert", self.convert)
            self.fault(source, path, **options)

        monkeypatch.setattr(conversion, "convert", once)

    def test_a_file_that_gives_something_else_is_not_left(self, pair, target):
        self.fault = another_weight
        with pytest.raises(ExportError, match="is not what the model is: 'output_0'"):
            to_tflite(pair, target)
        assert not any(target.parent.iterdir())

    def test_the_user_may_allow_more(self, pair, target):
        self.fault = another_weight
        assert to_tflite(pair, target, tolerance=100).max_error > 0.1

    def test_a_file_that_does_not_load_is_not_left(self, pair, target):
        self.fault = lambda _, path, **options: pathlib.Path(path).write_bytes(
            b"\0" * 99
        )
        with pytest.raises(ExportError, match="could be made and run: `path` must be"):
            to_tflite(pair, target)
        assert not any(target.parent.iterdir())

    def test_a_conversion_that_fails_says_so_and_what_to_use(self, pair, target):
        def fault(source, path, **options):
            raise RuntimeError("tf.Odd is neither a custom op nor a flex op")

        self.fault = fault
        match = "quantize='dynamic' could be made.*tf.Odd.*Use quantize='float16'"
        with pytest.raises(ExportError, match=match):
            to_tflite(pair, target, quantize="dynamic")

    def test_what_was_there_before_stays(self, pair, target):
        self.fault = another_weight
        target.write_bytes(b"before")
        with pytest.raises(ExportError):
            to_tflite(pair, target)
        assert target.read_bytes() == b"before"


class TestModel:
    @pytest.mark.parametrize("model", [None, "model.keras", layers.Dense(2)])
    def test_something_else_is_refused(self, target, model):
        with pytest.raises(TypeError, match="`model` must be a Keras model"):
            to_tflite(model, target)

    def test_an_unbuilt_model_is_refused(self, target):
        with pytest.raises(
            ValueError, match=r"`model` must be built\. Call it on data"
        ):
            to_tflite(keras.Sequential([layers.Dense(2)]), target)

    def test_weights_that_are_not_finite_are_refused(self, pair, target):
        pair.layers[0].kernel.assign([[np.nan], [1]])
        with pytest.raises(ExportError, match="`model` itself gives NaN or infinity"):
            to_tflite(pair, target)

    def test_a_stateful_model_is_refused(self, target):
        lstm = layers.LSTM(2, stateful=True, name="keeper")
        model = keras.Sequential([keras.Input((3, 2), batch_size=1), lstm])
        with pytest.raises(ValueError, match=r"no state from call to call.*'keeper'"):
            to_tflite(model, target)

    def test_a_model_that_draws_at_inference_is_refused(self, target):
        @keras.saving.register_keras_serializable("test")
        class Noise(layers.Layer):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.seed = keras.random.SeedGenerator(0)

            def call(self, x):
                return x + keras.random.normal((2,), seed=self.seed)

        model = keras.Sequential([keras.Input((2,)), Noise()])
        with pytest.raises(ExportError, match="draws random numbers at inference"):
            to_tflite(model, target)

    def test_an_operation_that_litert_lacks_is_named(self, target):
        x = keras.Input((2,))
        model = keras.Model(x, keras.ops.erfinv(x))
        match = "run: LiteRT has no operation Erfinv. Nothing .*Try `to_saved_model`"
        with pytest.raises(ExportError, match=match):
            to_tflite(model, target)
        assert not any(target.parent.iterdir())

    def test_text_is_refused(self, target):
        lookup = layers.StringLookup(vocabulary=["a", "b"])
        model = keras.Sequential([keras.Input((1,), dtype="string"), lookup])
        with pytest.raises(ValueError, match="`model` must take numbers"):
            to_tflite(model, target)

    def test_tables_are_refused(self, target):
        lookup = layers.IntegerLookup(vocabulary=[3, 4])
        model = keras.Sequential([keras.Input((1,), dtype="int32"), lookup])
        with pytest.raises(ExportError, match="`model` holds tables"):
            to_tflite(model, target)

    def test_free_sizes_without_a_probe_are_refused(self, target):
        model = keras.Sequential([keras.Input((None, 2), name="x"), layers.Dense(1)])
        match = r"`probe` must be given .* free sizes, \{'x': \(None, None, 2\)"
        with pytest.raises(ValueError, match=match):
            to_tflite(model, target)


class TestPath:
    @pytest.mark.parametrize(
        ("path", "match"),
        [
            ("model.keras", r"`path` must end in '\.tflite'"),
            ("model", r"`path` must end in '\.tflite'"),
            ("none/model.tflite", "`path` must lie in a folder. There is no folder"),
            ("file/model.tflite", "`path` must lie in a folder. There is no folder"),
            ("folder.tflite", "`path` must name a file; this is a folder"),
            ("read_only.tflite", "`path` must not be read-only"),
        ],
    )
    def test_bad_targets_are_refused(self, pair, tmp_path, path, match):
        (tmp_path / "file").touch()
        (tmp_path / "folder.tflite").mkdir()
        (tmp_path / "read_only.tflite").touch(mode=0o444)
        with pytest.raises(ValueError, match=match):
            to_tflite(pair, tmp_path / path)

    @pytest.mark.parametrize("path", [None, 3])
    def test_no_path_is_refused(self, pair, path):
        with pytest.raises(TypeError, match="`path` must be a path"):
            to_tflite(pair, path)


class TestArguments:
    @pytest.mark.parametrize(
        ("options", "match"),
        [
            (
                {"quantize": "int3"},
                "`quantize` must be one of None, 'float16', 'dynamic'",
            ),
            ({"quantize": 8}, "`quantize` must be one of None"),
            ({"batch_size": 0}, "`batch_size` must be a positive integer"),
            ({"tolerance": 0}, r"`tolerance` must be a number in \(0, inf\)"),
            ({"tolerance": "1%"}, "`tolerance` must be a number"),
            (
                {"quantize": "int8"},
                "`representative_data` must be given for quantize='int8'",
            ),
            ({"probe": np.ones((4, 3))}, r"`probe` must have shape \(None, 2\)"),
            (
                {"probe": np.ones((0, 2))},
                "`probe` must hold the same number of examples",
            ),
            (
                {"probe": {"y": np.ones((4, 2))}},
                r"dictionary of arrays for the inputs \['x'\]",
            ),
            ({"probe": [["a", "b"]]}, "`probe` must hold numbers for the input 'x'"),
        ],
    )
    def test_bad_values_are_refused(self, pair, target, options, match):
        with pytest.raises(ValueError, match=match):
            to_tflite(pair, target, **options)
        assert not any(target.parent.iterdir())

    @pytest.mark.parametrize(
        ("data", "match"),
        [
            ([], "must have shape"),
            (np.ones((0, 2)), "must hold the same number of examples, at least one"),
            (np.ones((9, 3)), r"must have shape \(None, 2\) for the input 'x'"),
            ([[1, np.nan]], "must be finite for the input 'x'.*1 of 2 are not"),
            (
                iter([np.ones((1, 2))]),
                r"must hold numbers .*Of a dataset take examples",
            ),
        ],
    )
    def test_bad_representative_data_is_refused(self, pair, target, data, match):
        with pytest.raises(ValueError, match=f"`representative_data` {match}"):
            to_tflite(pair, target, quantize="int8", representative_data=data)

    def test_sparse_must_be_a_choice(self, pair, target):
        with pytest.raises(TypeError, match="`sparse` must be True or False"):
            to_tflite(pair, target, sparse=0.9)
