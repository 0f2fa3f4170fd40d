import keras
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from keras import layers

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.conversion.convert import convert
from tfcompress.export.tflite import to_tflite
from tfcompress.kernels.binary import Binary
from tfcompress.kernels.clustered import Clustered
from tfcompress.kernels.quantized import Quantized
from tfcompress.kernels.ternary import Ternary
from tfcompress.runtime.tflite_model import TFLiteModel
from tfcompress.schedules.one_shot import OneShot


def _dense(kernel, width=64, units=16, **options):
    layer = layers.Dense(units, name="one", kernel_initializer="normal", **options)
    model = keras.Sequential([keras.Input((width,)), layer])
    return convert(model, {"one": kernel})


@pytest.mark.parametrize(
    ("kernel", "note"),
    [
        (Binary(), "int2"),
        (Binary(scale="channel"), "int2"),
        (Ternary(), "int2"),
        (Quantized(bits=2), "int2"),
        (Quantized(bits=3), "int4 in blocks of 64"),
        (Quantized(bits=4), "int4 in blocks of 64"),
        (Quantized(bits=4, per_channel=False), "int4 in blocks of 64"),
        (Quantized(bits=4, learned_range=True), "int4 in blocks of 64"),
        (Quantized(bits=2, learned_range=True), "int2"),
        (Quantized(bits=6), "int8"),
        (Quantized(bits=8), "int8"),
        (Quantized(bits=8, learned_range=True), "int8"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_dense_file_computes_with_the_weights_that_training_saw(
    kernel, note, tmp_path, rng
):
    model = _dense(kernel)
    result = to_tflite(model, tmp_path / "m.tflite", quantize="kernels")
    # Inputs that eight bits hold exactly: what is left is the weights' error.
    x = rng.choice([0.0, 0.2, 1.0], (8, 64))
    y = TFLiteModel(result.path).predict(x.astype("float32"))
    np.testing.assert_allclose(y, model(x), atol=1e-5 * np.abs(model(x)).max())
    assert result.notes == (f"one/kernel: {note}",)


def test_scales_in_the_file_are_those_of_the_kernel(tmp_path):
    model = _dense(Quantized(bits=8))
    result = to_tflite(model, tmp_path / "m.tflite", quantize="kernels")
    scale = model.layers[0].kernels["kernel"].codes().scale
    found = [s for s in _scales(result.path) if len(s) == 16]
    np.testing.assert_allclose(found, [scale], rtol=1e-6)


@pytest.mark.parametrize("kernel", [Ternary(), Quantized(bits=4), Quantized(bits=8)])
def test_convolutions_and_folded_normalization_keep_the_numbers(kernel, tmp_path, rng):
    x = keras.Input((12, 12, 3))
    y = layers.Conv2D(8, 3, use_bias=False, name="one")(x)
    y = layers.BatchNormalization()(y)
    y = layers.DepthwiseConv2D(3, name="two")(layers.ReLU()(y))
    model = keras.Model(x, layers.Dense(64, name="three")(layers.Flatten()(y)))
    for variable in model.layers[2].weights:
        variable.assign(rng.uniform(0.5, 2, variable.shape))
    model.layers[2].gamma.assign([-1, 1, -2, 2, 1, 1, 1, 1])
    small = convert(model, dict.fromkeys(["one", "two", "three"], kernel))
    probe = rng.normal(size=(8, 12, 12, 3)).astype("float32")
    path = tmp_path / "m.tflite"
    result = to_tflite(small, path, quantize="kernels", probe=probe)
    assert "one/kernel: int8: LiteRT computes convolutions" in result.notes[0]
    assert len(result.notes) == 3
    y, right = TFLiteModel(result.path).predict(probe), np.asarray(small(probe))
    assert np.linalg.norm(y - right) < 0.02 * np.linalg.norm(right)


@pytest.mark.parametrize("cell", [layers.LSTM, layers.GRU])
@pytest.mark.parametrize("unroll", [True, False])
def test_recurrent_layers_are_stored_in_few_bits(cell, unroll, tmp_path, rng):
    layer = cell(16, unroll=unroll, name="one")
    model = keras.Sequential([keras.Input((5, 32)), layer])
    small = convert(model, {"one": Quantized(bits=4)})
    probe = rng.normal(size=(4, 5, 32)).astype("float32")
    path = tmp_path / "m.tflite"
    result = to_tflite(small, path, quantize="kernels", probe=probe)
    assert all("int4" in note for note in result.notes), result.notes
    y, right = TFLiteModel(path).predict(probe), np.asarray(small(probe))
    assert np.linalg.norm(y - right) < 0.03 * np.linalg.norm(right)


def test_cells_of_the_same_name_are_told_apart(tmp_path, rng):
    hidden = [layers.LSTM(16, return_sequences=True, name=name) for name in "ab"]
    inner = [
        keras.Sequential([keras.Input((3, 16)), layers.Dense(16, name="same")])
        for _ in range(2)
    ]
    model = keras.Sequential([keras.Input((3, 32)), *hidden, *inner])
    small = convert(model, {"*": Quantized(bits=4)})
    probe = rng.normal(size=(4, 3, 32)).astype("float32")
    path = tmp_path / "m.tflite"
    result = to_tflite(small, path, quantize="kernels", probe=probe)
    assert sorted(note.split(": ")[0] for note in result.notes) == [
        "a/kernel",
        "a/recurrent_kernel",
        "b/kernel",
        "b/recurrent_kernel",
        "same/kernel",
        "same/kernel (2)",
    ]
    assert all("int4" in note for note in result.notes), result.notes


def test_bits_are_mixed_per_layer_and_others_stay_real(tmp_path):
    names = ["a", "b", "c", "d"]
    dense = [layers.Dense(128, name=name) for name in names]
    model = keras.Sequential([keras.Input((128,)), *dense])
    rules = {"a": Ternary(), "b": Quantized(bits=4), "c": Clustered(codebook=16)}
    result = to_tflite(convert(model, rules), tmp_path / "m.tflite", quantize="kernels")
    assert result.notes[0] == "a/kernel: int2"
    assert result.notes[1] == "b/kernel: int4 in blocks of 128"
    assert result.notes[2].startswith("c/kernel: float32: the kernel is not whole")


def test_scales_below_half_precision_are_those_of_rows(tmp_path, rng):
    model = keras.Sequential([keras.Input((64,)), layers.Dense(16, name="one")])
    model.layers[0].kernel.assign(1e-6 * rng.normal(size=(64, 16)))
    model = convert(model, {"one": Quantized(bits=4)})
    result = to_tflite(model, tmp_path / "m.tflite", quantize="kernels")
    x = rng.choice([0.0, 0.2, 1.0], (8, 64))
    y = TFLiteModel(result.path).predict(x.astype("float32"))
    np.testing.assert_allclose(y, model(x), atol=1e-5 * np.abs(model(x)).max())
    assert result.notes == ("one/kernel: int4",)


def test_widths_are_padded_where_it_pays(tmp_path, rng):
    model = _dense(Quantized(bits=4), width=250)
    result = to_tflite(model, tmp_path / "m.tflite", quantize="kernels")
    assert result.notes == ("one/kernel: int4 in blocks of 128",)
    model = _dense(Quantized(bits=4), width=36)  # 64 would be too many
    result = to_tflite(model, tmp_path / "n.tflite", quantize="kernels")
    assert result.notes == ("one/kernel: int4",)


def test_weights_that_lie_behind_the_rest_of_the_file_are_written_too(tmp_path, rng):
    model = _dense(Quantized(bits=4), width=1024, units=1024)
    result = to_tflite(model, tmp_path / "m.tflite", quantize="kernels")
    x = rng.choice([0.0, 0.2, 1.0], (2, 1024))
    y = TFLiteModel(result.path).predict(x.astype("float32"))
    np.testing.assert_allclose(y, model(x), atol=1e-5 * np.abs(model(x)).max())


def test_the_file_of_a_pruned_layer_shows_every_zero(tmp_path, rng):
    model = keras.Sequential([keras.Input((64,)), layers.Dense(64, name="one")])
    small = convert(model, {"one": Quantized(bits=8)})
    small.compile("adam", "mse")
    x = rng.normal(size=(64, 64))
    prune = PruneLowMagnitude(OneShot(0.9, at=0))
    small.fit(x, x, verbose=0, callbacks=[prune])
    path = to_tflite(small, tmp_path / "m.tflite", quantize="kernels").path
    model = schema.Model.GetRootAs(path.read_bytes(), 0)
    graph = model.Subgraphs(0)
    weights = [
        model.Buffers(t.Buffer()).DataAsNumpy().view("int8")
        for t in map(graph.Tensors, range(graph.TensorsLength()))
        if t.Type() == schema.TensorType.INT8
    ]
    assert np.mean(weights[0] == 0) == np.mean(small.layers[0].kernel.numpy() == 0)
    assert np.mean(weights[0] == 0) > 0.89


def test_a_model_without_few_bits_is_refused(mlp, tmp_path):
    with pytest.raises(ValueError, match="`quantize` must not be 'kernels'"):
        to_tflite(mlp, tmp_path / "m.tflite", quantize="kernels")


def test_a_grid_that_is_not_symmetric_is_told_of(mlp, tmp_path):
    small = convert(mlp, {"*": Quantized(symmetric=False)})
    with pytest.raises(ValueError, match=r"`quantize` .* `.*Quantized` \(a symmetric"):
        to_tflite(small, tmp_path / "m.tflite", quantize="kernels")


def _scales(path):
    model = schema.Model.GetRootAs(path.read_bytes(), 0)
    graph = model.Subgraphs(0)
    for i in range(graph.TensorsLength()):
        parameters = graph.Tensors(i).Quantization()
        if parameters is not None and parameters.ScaleLength():
            yield parameters.ScaleAsNumpy()
