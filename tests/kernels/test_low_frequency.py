import keras
import numpy as np
import pytest
from keras import ops

from tfcompress.conversion.convert import convert
from tfcompress.conversion.output_errors import output_errors
from tfcompress.export.tflite import to_tflite
from tfcompress.kernels.low_frequency import LowFrequency
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.ops.cosine_transform import cosine_matrix


def built(shape, **options):
    kernel = LowFrequency(**options)
    kernel.build(shape)
    return kernel


def test_the_transform_of_the_weight_is_what_is_stored(rng):
    kernel = built((8, 6), coefficients=(3, 2))
    transform = cosine_matrix(8) @ kernel.full().numpy() @ cosine_matrix(6).T
    expected = np.pad(kernel.value.numpy(), ((0, 5), (0, 4)))
    np.testing.assert_allclose(transform, expected, atol=1e-5)


def test_all_frequencies_are_exact(rng):
    array = rng.normal(size=(3, 3, 4, 6)).astype("float32")
    assert built(array.shape, ratio=1.0).encode(array) < 1e-5


def test_start_misses_by_the_high_frequencies(rng):
    array = rng.normal(size=(8, 6)).astype("float32")
    high = (cosine_matrix(8) @ array @ cosine_matrix(6).T) ** 2
    high[:3, :2] = 0
    error = built((8, 6), coefficients=(3, 2)).encode(array)
    assert error == pytest.approx(np.sqrt(high.sum()) / np.linalg.norm(array), rel=1e-4)


def test_ratio_keeps_the_same_share_of_both_axes():
    kernel = built((40, 20), ratio=0.25)
    assert kernel.counts == (20, 10)
    assert kernel.macs() == 40 * 20 + 20 * 10 + 10 * 20


def test_the_chain_is_the_product_with_the_weight(rng):
    kernel = built((30, 8), coefficients=(5, 3), grid=(5, 6))
    x = rng.normal(size=(4, 30)).astype("float32")
    outputs = kernel.apply(ops.matmul, x, output_axis=-1)
    np.testing.assert_allclose(outputs, x @ kernel.full().numpy(), atol=1e-5)
    with kernel.recomputed():
        again = kernel.apply(ops.matmul, x, output_axis=-1)
    np.testing.assert_allclose(again, outputs, atol=1e-5)


def test_it_starts_with_the_scale_of_the_weight():
    kernel = LowFrequency(ratio=0.25)
    kernel.build((100, 100), initializer="glorot_normal")
    assert kernel.full().numpy().var() == pytest.approx(1 / 100, rel=0.15)


def test_outputs_are_nearer_when_it_is_fitted_to_them(rng):
    model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(9, name="it")])
    x = rng.normal(size=(80, 20)) * np.arange(1, 21)
    small = convert(model, {"it": LowFrequency(coefficients=(6, 6))}, inputs=x)
    (error,) = output_errors(small)
    assert error.of_outputs < error.of_weights


@pytest.mark.parametrize("policy", ["mixed_float16", "float32"])
def test_it_trains_saves_and_goes_to_a_file(policy, tmp_path, rng):
    layer = CompressedDense(200, kernel=LowFrequency(ratio=1 / 64), dtype=policy)
    model = keras.Sequential([keras.Input((300,)), layer])
    model.compile("sgd", "mse")
    before = model.get_weights()
    x = rng.normal(size=(8, 300)).astype("float32")
    model.fit(x, np.ones((8, 200)), verbose=0)
    assert all((a != b).any() for a, b in zip(model.get_weights(), before, strict=True))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(x), model(x))
    whole = to_tflite(model, tmp_path / "whole.tflite")
    small = to_tflite(model, tmp_path / "small.tflite", compact=True)
    assert small.bytes < 4 * model.count_params() + 16_000 < whole.bytes < 4 * 300 * 200
    assert small.max_error < (0.1 if policy == "mixed_float16" else 1e-4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "and not both"),
        ({"ratio": 0.5, "coefficients": (1, 2)}, "and not both"),
        ({"coefficients": 3}, "`coefficients` must be a pair"),
        ({"coefficients": (30, 2)}, "`coefficients` must be at most \\(20, 9\\)"),
        ({"ratio": 1e-4}, "`ratio` must leave at least one frequency"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        built((20, 9), **options)
