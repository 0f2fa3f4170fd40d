import warnings

import numpy as np
import pytest
import tensorflow as tf

from tfcompress.runtime.tflite_model import TFLiteModel


def test_it_tells_what_the_file_takes_and_gives(double):
    model = TFLiteModel(double)
    assert model.inputs == {"x": (None, 2)}
    assert model.outputs == {"output_0": (None, 2)}
    assert model.bytes == double.stat().st_size
    assert repr(model) == f"TFLiteModel({str(double)!r}, {model.bytes:,} bytes)"


@pytest.mark.parametrize("batch_size", [1, 2, 5, 32])
def test_any_number_of_examples_goes_through_in_batches(double, batch_size):
    x = np.arange(10, dtype="float32").reshape(5, 2)
    np.testing.assert_array_equal(TFLiteModel(double).predict(x, batch_size), 2 * x)


def test_a_file_with_a_batch_of_its_own_is_filled_up_and_cut_again(write):
    path = write(lambda x: x * 2, tf.TensorSpec((4, 1), name="x"))
    x = np.arange(6.0).reshape(6, 1)
    np.testing.assert_array_equal(TFLiteModel(path).predict(x), 2 * x)


def test_sizes_may_change_from_call_to_call(write):
    path = write(lambda x: x * 2, tf.TensorSpec((None, None), name="x"))
    model = TFLiteModel(path)
    for shape in [(2, 3), (1, 5), (2, 3)]:
        np.testing.assert_array_equal(model.predict(np.ones(shape)), 2 * np.ones(shape))


def test_several_inputs_and_outputs_go_by_name(write):
    def function(b, a):
        return {"sum": a + b, "difference": a - b}

    spec = tf.TensorSpec((None, 1))
    model = TFLiteModel(write(function, spec, spec))
    outputs = model.predict({"a": [[5.0]], "b": [[2.0]]})
    assert {name: float(array[0, 0]) for name, array in outputs.items()} == {
        "sum": 7,
        "difference": 3,
    }


def test_outputs_of_a_list_come_in_its_order(write):
    path = write(
        lambda x: [x * i for i in range(11)], tf.TensorSpec((None, 1), name="x")
    )
    outputs = TFLiteModel(path).predict([[1.0]])
    assert [float(array[0, 0]) for array in outputs] == list(range(11))


def test_quantized_ends_are_quantized_and_dequantized(write):
    x = np.linspace(-1, 1, 50, dtype="float32").reshape(50, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow warns of its own interpreter
        path = write(
            lambda x: tf.nn.relu(x),
            tf.TensorSpec((None, 1), name="x"),
            optimizations=[tf.lite.Optimize.DEFAULT],
            representative_dataset=lambda: ([row[None]] for row in x),
            inference_input_type=tf.int8,
            inference_output_type=tf.int8,
        )
    y = TFLiteModel(path).predict(x)
    assert y.dtype == np.float32
    # Half a step of 256 over [-1, 1] in, and half of one over [0, 1] out.
    np.testing.assert_allclose(y, np.maximum(x, 0), atol=0.5 * 2 / 255 + 0.5 / 255)


def test_evaluate_is_the_share_of_right_classes(double):
    x = np.array([[1, 0], [0, 1], [1, 0], [0, 1]])
    assert TFLiteModel(double).evaluate(x, [0, 1, 1, 1]) == 0.75


def test_benchmark_is_a_time_in_microseconds(double):
    assert 0 < TFLiteModel(double).benchmark(rounds=3) < 1e5


def test_benchmark_does_not_change_what_is_predicted(double):
    model = TFLiteModel(double)
    model.benchmark(rounds=1, batch_size=7)
    np.testing.assert_array_equal(model.predict([[1.0, 2.0]]), [[2, 4]])


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"PK\x03\x04 a Keras file", "`path` must be a TFLite file"),
        (b"", "`path` must be a TFLite file"),
        (b"\x1c\0\0\0TFL3 and nothing else", "must be a file that LiteRT can run"),
    ],
)
def test_a_file_that_is_something_else_is_refused(tmp_path, content, match):
    path = tmp_path / "model.tflite"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=match):
        TFLiteModel(path)


def test_several_signatures_are_refused(tmp_path):
    module = tf.Module()
    signatures = {}
    for name, factor in {"double": 2, "triple": 3}.items():
        function = tf.function(
            lambda x, factor=factor: factor * x, input_signature=[tf.TensorSpec((1, 2))]
        )
        setattr(module, name, function)
        signatures[name] = function
    tf.saved_model.save(module, str(tmp_path / "saved"), signatures)
    converter = tf.lite.TFLiteConverter.from_saved_model(
        str(tmp_path / "saved"), signature_keys=[*signatures]
    )
    path = tmp_path / "m.tflite"
    path.write_bytes(converter.convert())
    match = r"several signatures: \['double', 'triple'\]"
    with pytest.raises(ValueError, match=match):
        TFLiteModel(path)


def test_half_a_file_is_refused(double):
    double.write_bytes(double.read_bytes()[:200])
    with pytest.raises(ValueError, match="must be a file that LiteRT can run"):
        TFLiteModel(double)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ValueError, match="`path` must be an existing file"):
        TFLiteModel(tmp_path / "none.tflite")


def test_num_threads_is_checked(double):
    with pytest.raises(ValueError, match="`num_threads` must be a positive integer"):
        TFLiteModel(double, num_threads=0)


@pytest.mark.parametrize(
    ("x", "match"),
    [
        (np.ones((3, 3)), r"shape \(None, 2\) for the input 'x'"),
        (np.ones(2), r"shape \(None, 2\) for the input 'x'"),
        (np.ones((0, 2)), "same number of examples, at least one"),
        ({"y": np.ones((1, 2))}, r"`x` must have the keys \['x'\]"),
        ([["a", "b"]], "hold numbers for the input 'x'"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(double, x, match):
    with pytest.raises(ValueError, match=match):
        TFLiteModel(double).predict(x)


def test_a_list_for_several_inputs_is_refused(write):
    spec = tf.TensorSpec((None, 1))
    model = TFLiteModel(write(lambda a, b: a + b, spec, spec))
    with pytest.raises(TypeError, match=r"`x` must be a dictionary with the keys"):
        model.predict([np.ones((1, 1)), np.ones((1, 1))])


@pytest.mark.parametrize("method", ["benchmark", "caller"])
def test_batch_size_is_checked(double, method):
    with pytest.raises(ValueError, match="`batch_size` must be a positive integer"):
        getattr(TFLiteModel(double), method)(batch_size=0)


def test_rounds_is_checked(double):
    with pytest.raises(ValueError, match="`rounds` must be a positive integer"):
        TFLiteModel(double).benchmark(rounds=0)
