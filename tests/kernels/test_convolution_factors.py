import keras
import numpy as np
import pytest

from tfcompress.conversion.convert import convert
from tfcompress.conversion.output_errors import output_errors
from tfcompress.export.tflite import to_tflite
from tfcompress.kernels.canonical_polyadic import CanonicalPolyadic
from tfcompress.kernels.separable import Separable
from tfcompress.kernels.spatial_low_rank import SpatialLowRank
from tfcompress.kernels.tucker import Tucker
from tfcompress.layers.compressed_conv1d import CompressedConv1D
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.compressed_conv3d import CompressedConv3D
from tfcompress.layers.convolution import Convolution
from tfcompress.report.report import report

KERNELS = {
    "Tucker": Tucker(ranks=(3, 4)),
    "CanonicalPolyadic": CanonicalPolyadic(rank=5),
    "SpatialLowRank": SpatialLowRank(rank=4),
    "Separable": Separable(),
    "Separable twice": Separable(multiplier=2),
}
SHAPE = (3, 3, 6, 8)


@pytest.fixture(params=KERNELS)
def kernel(request):
    return KERNELS[request.param].copy()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"padding": "same", "strides": 2},
        {"padding": "same", "dilation_rate": 2},
        {"strides": (1, 2)},
    ],
    ids=str,
)
def test_the_chain_is_the_convolution_with_the_full_kernel(kernel, options, rng):
    x = rng.normal(size=(2, 9, 8, 6)).astype("float32")
    layer = CompressedConv2D(8, 3, kernel=kernel, use_bias=False, **options)
    outputs = layer(x)
    expected = Convolution(layer)(x, layer.kernel)
    np.testing.assert_allclose(outputs, expected, atol=1e-5)


def test_groups_take_the_full_kernel(kernel, rng):
    x = rng.normal(size=(2, 9, 8, 12)).astype("float32")
    layer = CompressedConv2D(8, 3, groups=2, kernel=kernel, use_bias=False)
    expected = Convolution(layer)(x, layer(x) is not None and layer.kernel)
    np.testing.assert_allclose(layer(x), expected, atol=1e-5)


@pytest.mark.parametrize("kernel", [KERNELS["Tucker"], KERNELS["CanonicalPolyadic"]])
@pytest.mark.parametrize(
    ("host", "shape"), [(CompressedConv1D, (9, 6)), (CompressedConv3D, (5, 5, 5, 6))]
)
def test_one_and_three_dimensions(kernel, host, shape, rng):
    x = rng.normal(size=(2, *shape)).astype("float32")
    layer = host(8, 3, kernel=kernel, use_bias=False)
    outputs = layer(x)
    np.testing.assert_allclose(outputs, Convolution(layer)(x, layer.kernel), atol=1e-5)


def test_the_full_kernel_is_never_formed(kernel, rng, monkeypatch):
    x = rng.normal(size=(2, 9, 8, 6)).astype("float32")
    layer = CompressedConv2D(8, 3, kernel=kernel)
    layer.build(x.shape)
    inner = layer.kernels["kernel"]
    monkeypatch.setattr(inner, "full", lambda *_: pytest.fail("formed"))
    seen = []
    plain = Convolution.__call__

    def noting(self, inputs, kernel):
        seen.append(np.prod(kernel.shape))
        return plain(self, inputs, kernel)

    monkeypatch.setattr(Convolution, "__call__", noting)
    layer(x)
    assert all(size < np.prod(SHAPE) for size in seen)


def test_a_kernel_of_that_structure_is_recovered(kernel):
    kernel.build(SHAPE)
    array = kernel.full().numpy()
    other = kernel.copy()
    other.build(SHAPE)
    assert other.encode(array) < 2e-2


def test_it_starts_with_the_scale_of_the_weight(kernel):
    kernel.build((3, 3, 60, 60), initializer="glorot_normal")
    assert kernel.full().numpy().var() == pytest.approx(2 / (9 * 120), rel=0.7)


def test_stored_numbers_are_those_of_the_factors(kernel):
    kernel.build(SHAPE)
    stored = {
        "Tucker": 6 * 3 + 9 * 3 * 4 + 4 * 8,
        "CanonicalPolyadic": 5 * (3 + 3 + 6 + 8),
        "SpatialLowRank": 4 * (3 * 6 + 3 * 8),
        "Separable": kernel.get_config().get("multiplier", 0) * (9 * 6 + 6 * 8),
    }[type(kernel).__name__]
    assert kernel.stored_bits() == 32 * stored


def test_outputs_are_nearer_when_it_is_fitted_to_them(kernel, rng):
    model = keras.Sequential(
        [keras.Input((6, 6, 6)), keras.layers.Conv2D(8, 3, name="it")]
    )
    x = rng.normal(size=(60, 6, 6, 6)) * np.arange(1, 7)
    (error,) = output_errors(convert(model, {"it": kernel}, inputs=x))
    assert error.of_outputs <= error.of_weights * (1 + 1e-5)
    if not isinstance(kernel, SpatialLowRank):
        assert error.of_outputs < error.of_weights


@pytest.mark.parametrize(
    ("policy", "jit"), [("mixed_float16", False), ("float32", True)]
)
def test_it_trains_saves_and_goes_to_a_file(kernel, policy, jit, tmp_path, rng):
    layer = CompressedConv2D(8, 3, kernel=kernel, dtype=policy)
    model = keras.Sequential([keras.Input((6, 6, 6)), layer])
    model.compile("sgd", "mse", jit_compile=jit)
    before = model.get_weights()
    x = rng.normal(size=(8, 6, 6, 6)).astype("float32")
    model.fit(x, np.ones((8, 4, 4, 8)), verbose=0)
    assert all((a != b).any() for a, b in zip(model.get_weights(), before, strict=True))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(x), model(x))
    error = to_tflite(model, tmp_path / "model.tflite").max_error
    assert error < (0.1 if policy == "mixed_float16" else 1e-4)


def test_a_file_holds_the_factors(kernel, tmp_path):
    layer = CompressedConv2D(192, 3, kernel=kernel)
    model = keras.Sequential([keras.Input((8, 8, 64)), layer])
    result = to_tflite(model, tmp_path / "model.tflite")
    assert result.bytes < 4 * model.count_params() + 40_000 < 4 * 9 * 64 * 192


def test_a_report_counts_the_steps(kernel):
    layer = CompressedConv2D(8, 3, kernel=kernel, padding="same")
    model = keras.Sequential([keras.Input((6, 6, 6)), layer])
    assert report(model).total.macs == 36 * layer.kernels["kernel"].macs()


def test_a_matrix_is_refused(kernel):
    with pytest.raises(ValueError, match="window besides.*For matrices.*`LowRank`"):
        kernel.build((6, 8))


def test_a_kernel_that_is_too_small_to_pay_is_refused(kernel):
    small = (
        CanonicalPolyadic(rank=1) if isinstance(kernel, CanonicalPolyadic) else kernel
    )
    small = Tucker(ranks=(1, 1)) if isinstance(kernel, Tucker) else small
    small = SpatialLowRank(rank=1) if isinstance(kernel, SpatialLowRank) else small
    small = Separable() if isinstance(kernel, Separable) else small
    with pytest.raises(ValueError, match="store less than the 2 numbers"):
        small.copy().build((1, 1, 2, 1))


def test_it_may_store_more_where_it_need_not_pay(kernel):
    config = {**kernel.get_config(), "must_pay": False}
    type(kernel).from_config(config).build((3, 3, 6, 8))
