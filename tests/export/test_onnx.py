import sys

import keras
import numpy as np
import pytest
from keras import layers

import tfcompress as tfc

pytest.importorskip("tf2onnx", reason="needs the extra `onnx`")
onnxruntime = pytest.importorskip("onnxruntime", reason="needs the extra `onnx`")


def _convolutional():
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dense(32, name="wide"),
        ]
    )


def _recurrent():
    return keras.Sequential([keras.Input((9, 5)), layers.LSTM(8, name="wide")])


def _run(path, *arrays):
    session = onnxruntime.InferenceSession(str(path))
    names = [one.name for one in session.get_inputs()]
    return session.run(None, dict(zip(names, arrays, strict=True)))


@pytest.mark.parametrize(
    "kernel",
    [
        tfc.kernels.Hashed(ratio=1 / 4),
        tfc.kernels.LowRank(rank=2),
        tfc.kernels.Binary(),
        tfc.kernels.Quantized(bits=8),
    ],
    ids=lambda kernel: type(kernel).__name__,
)
@pytest.mark.parametrize("make", [_convolutional, _recurrent])
def test_a_compressed_layer_gives_in_the_file_what_it_gives_in_keras(
    make, kernel, tmp_path
):
    model = tfc.convert(make(), {"wide": kernel})
    x = np.random.default_rng(0).normal(size=(3, *model.input_shape[1:]))
    x = x.astype("float32")

    made = tfc.export.to_onnx(model, tmp_path / "model.onnx")

    (y,) = _run(made.path, x)
    np.testing.assert_allclose(y, model.predict(x, verbose=0), atol=1e-4)
    assert made.bytes == made.path.stat().st_size
    assert made.max_error < 1e-4


def test_low_rank_stays_two_products(tmp_path):
    model = keras.Sequential([keras.Input((200,)), layers.Dense(300)])
    small = tfc.convert(model, {"dense*": tfc.kernels.LowRank(rank=4)})

    made = tfc.export.to_onnx(small, tmp_path / "model.onnx")

    numbers = 200 * 4 + 4 * 300 + 300
    assert made.bytes < 1.2 * 4 * numbers


def test_several_inputs_and_outputs_keep_their_places(tmp_path):
    zeta, alpha = keras.Input((4,), name="zeta"), keras.Input((6,), name="alpha")
    joined = layers.concatenate([layers.Dense(5)(zeta), alpha])
    outputs = {"one": layers.Dense(3)(joined), "also": layers.Dense(2)(joined)}
    model = keras.Model([zeta, alpha], outputs)

    made = tfc.export.to_onnx(model, tmp_path / "model.onnx")

    x = [np.ones((2, 4), "float32"), np.ones((2, 6), "float32")]
    also, one = _run(made.path, *x)
    np.testing.assert_allclose(one, model(x)["one"], rtol=1e-5)
    np.testing.assert_allclose(also, model(x)["also"], rtol=1e-5)


def test_an_operation_that_onnx_lacks_is_named_and_nothing_is_written(tmp_path):
    inputs = keras.Input((4,))
    model = keras.Model(inputs, keras.ops.erfinv(keras.ops.tanh(inputs) / 2))

    with pytest.raises(tfc.export.ExportError, match="Erfinv.*Nothing was written"):
        tfc.export.to_onnx(model, tmp_path / "model.onnx")

    assert not any(tmp_path.iterdir())


def test_refuses_another_ending(tmp_path):
    with pytest.raises(ValueError, match=r"`path` must end in '.onnx'"):
        tfc.export.to_onnx(_recurrent(), tmp_path / "model.tflite")


def test_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tf2onnx", None)

    with pytest.raises(ImportError, match=r"pip install tfcompress\[onnx\]"):
        tfc.export.to_onnx(_recurrent(), tmp_path / "model.onnx")
