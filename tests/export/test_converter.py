import numpy as np
import pytest

from tfcompress.export.converter import convert
from tfcompress.export.serving import expanded, serving_function, write_saved_model
from tfcompress.export.signature import Signature
from tfcompress.runtime.tflite_model import TFLiteModel


@pytest.fixture
def saved(mlp, tmp_path):
    function = serving_function(mlp, Signature.of(mlp), weights=expanded)
    write_saved_model(function, tmp_path / "saved")
    return tmp_path / "saved"


def test_zeros_are_left_out_only_if_asked_for(mlp, tmp_path):
    mlp.layers[0].kernel.assign(np.eye(32, 64))
    function = serving_function(mlp, Signature.of(mlp), weights=expanded)
    write_saved_model(function, tmp_path / "saved")
    sizes = []
    for sparse in (False, True):
        convert(tmp_path / "saved", tmp_path / "m.tflite", sparse=sparse)
        sizes.append((tmp_path / "m.tflite").stat().st_size)
    assert sizes[1] < sizes[0] - 32 * 64 * 2


def test_samples_are_fed_in_whole_batches(saved, tmp_path, monkeypatch, rng):
    from tfcompress.export import converter

    fed = []
    calls = converter._calls

    def recorded(samples, batch_size):
        for call in calls(samples, batch_size):
            fed.append(call["x"][:, 0].tolist())
            yield call

    monkeypatch.setattr(converter, "_calls", recorded)
    samples = {"x": rng.random((5, 32), "float32")}
    samples["x"][:, 0] = range(5)
    options = {"quantize": "int8", "samples": samples, "batch_size": 2}
    convert(saved, tmp_path / "m.tflite", **options)
    assert fed == [[0, 1], [2, 3], [4, 0]]


def test_operations_that_litert_lacks_are_an_error(tmp_path):
    import tensorflow as tf

    module = tf.Module()
    spec = tf.TensorSpec((2, 2), name="x")
    module.serve = tf.function(tf.linalg.inv, input_signature=[spec])
    tf.saved_model.save(
        module, str(tmp_path / "saved"), {"serving_default": module.serve}
    )
    with pytest.raises(Exception, match="MatrixInverse"):
        convert(tmp_path / "saved", tmp_path / "m.tflite")
    assert not (tmp_path / "m.tflite").exists()


def test_the_file_runs(mlp, saved, tmp_path, rng):
    convert(saved, tmp_path / "m.tflite")
    x = rng.random((2, 32), "float32")
    y = TFLiteModel(tmp_path / "m.tflite").predict(x)
    np.testing.assert_allclose(y, mlp(x), atol=1e-5)
