import h5py
import keras
import numpy as np
import pytest

from tfcompress.interop.tfmot.from_tf_keras import from_tf_keras


def carried(files, name):
    """The model of a file, what went into it there, and what came out."""
    with np.load(files / f"{name}.npz") as arrays:
        inputs, outputs = arrays["inputs"], arrays["outputs"]
    return from_tf_keras(files / name), inputs, outputs


@pytest.mark.parametrize("name", ["pruned.h5", "recurrent.h5", "lstm.keras", "saved"])
def test_outputs_are_those_of_legacy_keras(shared, files, name):
    model, inputs, outputs = carried(files, name)
    np.testing.assert_allclose(model(inputs), outputs, atol=1e-5)


def test_pruned_layers_are_plain_and_keep_their_zeros(shared, files):
    model, _, _ = carried(files, "pruned.h5")
    assert [type(layer) for layer in model.layers] == 2 * [keras.layers.Dense]
    assert [layer.name for layer in model.layers] == ["a", "b"]
    for layer in model.layers:
        assert np.mean(layer.kernel.numpy() == 0) == 0.75


@pytest.mark.parametrize("name", ["clustered.h5", "recurrent.h5"])
def test_clustered_layers_are_plain_and_keep_their_few_values(shared, files, name):
    model, _, _ = carried(files, name)
    kernels = [w.numpy() for w in model.weights if w.name.endswith("kernel")]
    assert len(kernels) >= 2
    assert all(len(np.unique(kernel)) <= 4 for kernel in kernels)
    assert len(model.layers[-1].get_weights()) == 2  # no indices, no centroids


def learned(file, layer, name):
    """Returns the value of a variable that rounding has added to a layer."""
    found = []

    def see(path, item):
        if path.endswith(f"{name}:0"):
            found.append(float(item[()]))

    file[f"model_weights/{layer}"].visititems(see)
    return found[0]


def ends(file, layer, name):
    return [learned(file, layer, f"{name}_{end}") for end in ("min", "max")]


def test_quantized_layers_round_to_the_same_numbers(shared, files):
    model, inputs, outputs = carried(files, "quantized.h5")
    before = {
        "a": ("quantize_layer", "quantize_layer"),
        "b": ("quant_a", "post_activation"),
    }
    with h5py.File(files / "quantized.h5") as file:
        highs = {name: learned(file, f"quant_{name}", "kernel_max") for name in before}
        given = {name: ends(file, *place) for name, place in before.items()}
        low, high = ends(file, "quant_b", "post_activation")
    for name in before:
        kernel = model.get_layer(name).kernels["kernel"]
        assert kernel.high.numpy().squeeze() == pytest.approx(highs[name])
        whole = kernel.full().numpy() / (highs[name] / 127)
        np.testing.assert_allclose(whole, whole.round(), atol=1e-3)
        assert kernel.error < 1e-6  # they were on this grid when they came
        assert [kernel.inputs.low.numpy(), kernel.inputs.high.numpy()] == given[name]
    # All that is left out is the rounding of the last outputs.
    half = (high - low) / 255 / 2
    assert 0 < np.abs(model(inputs) - outputs).max() <= half * 1.001


def test_sums_are_no_longer_rounded_and_the_rest_is_near(shared, files):
    model, inputs, outputs = carried(files, "residual.h5")
    kinds = {layer.name: type(layer).__name__ for layer in model.layers}
    assert kinds["conv_one"] == kinds["two"] == "CompressedConv2D"
    assert kinds["last"] == "CompressedDense"
    assert {"Add", "ReLU", "BatchNormalization"} < set(kinds.values())
    assert not [kind for kind in kinds.values() if kind.startswith("Quantize")]
    kernel = model.get_layer("conv_one").kernels["kernel"]
    assert kernel.high.shape == (1, 1, 1, 4)  # one for each channel
    assert (
        model.get_layer("last").kernels["kernel"].inputs is not None
    )  # that of the sum
    assert np.abs(model(inputs) - outputs).max() < 0.1 * np.abs(outputs).max()


def test_a_model_of_legacy_keras_is_saved_and_read(shared, files):
    class Model:
        """As far as this process can have one."""

        def save(self, path):
            path.write_bytes((files / "pruned.h5").read_bytes())

    Model.__module__ = "tf_keras.src.engine.training"
    assert from_tf_keras(Model()).count_params() == 6 * 8 + 8 + 8 * 3 + 3


def test_a_file_that_legacy_keras_does_not_load_is_refused_in_a_line(shared, tmp_path):
    (tmp_path / "model.h5").write_bytes(b"not what it claims")
    with pytest.raises(
        ValueError, match="^Legacy Keras refuses it. OSError: .*"
    ) as caught:
        from_tf_keras(tmp_path / "model.h5")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["code.h5", "code.keras", "code"])
def test_code_in_a_file_is_refused_before_it_runs(shared, files, name):
    with pytest.raises(ValueError, match="Lambda"):
        from_tf_keras(files / name)
    assert not (files / "ran").exists()


def test_what_is_no_legacy_model_is_refused(tmp_path):
    with pytest.raises(
        ValueError, match="`path_or_model` must name a file or a folder"
    ):
        from_tf_keras(tmp_path / "none.h5")
    for wrong in (3, keras.Sequential()):
        with pytest.raises(
            TypeError, match="must be a path, or a model of legacy Keras"
        ):
            from_tf_keras(wrong)
