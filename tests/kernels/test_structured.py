import keras
import numpy as np
import pytest
from keras import ops

from tfcompress.conversion.convert import convert
from tfcompress.export.saved_model import to_saved_model
from tfcompress.export.tflite import to_tflite
from tfcompress.kernels.circulant import Circulant
from tfcompress.kernels.toeplitz import Toeplitz
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.compressed_dense import CompressedDense

KERNELS = {
    "one block": Circulant(seed=1),
    "blocks": Circulant(block_size=4, seed=1),
    "blocks without signs": Circulant(block_size=5, signs=False),
    "toeplitz": Toeplitz(seed=1),
}


@pytest.fixture(params=KERNELS)
def kernel(request):
    return KERNELS[request.param].copy()


@pytest.mark.parametrize("shape", [(12, 9), (9, 12), (8, 8)])
def test_fast_product_is_that_with_the_full_weight(kernel, shape, rng):
    kernel.build(shape)
    x = rng.normal(size=(2, 3, shape[0])).astype("float32")
    fast = kernel.apply(ops.matmul, x, output_axis=-1)
    np.testing.assert_allclose(fast, x @ kernel.full().numpy(), atol=1e-5)


def test_a_weight_of_that_structure_is_recovered(kernel):
    kernel.build((12, 9))
    array = kernel.full().numpy()
    other = kernel.copy()
    other.build((12, 9))
    assert other.encode(array) < 1e-6


def test_start_is_the_least_squares_solution(kernel, rng):
    array = rng.normal(size=(12, 9)).astype("float32")
    kernel.build(array.shape)
    error = kernel.encode(array)
    value = kernel.value.numpy()
    for _ in range(5):
        kernel.value.assign(value + rng.normal(size=value.shape) * 0.05)
        assert kernel.measure(array) > error


def test_gradients_are_those_of_the_full_weight(kernel, rng):
    tf = pytest.importorskip("tensorflow")
    kernel.build((12, 9))
    x = tf.constant(rng.normal(size=(4, 12)), tf.float32)
    with tf.GradientTape(persistent=True) as tape:
        fast = tf.reduce_sum(kernel.apply(ops.matmul, x, output_axis=-1) ** 2)
        full = tf.reduce_sum((x @ kernel.full()) ** 2)
    for first, second in zip(
        *(tape.gradient(y, [kernel.value.value]) for y in (fast, full)), strict=True
    ):
        second = tf.convert_to_tensor(second)  # of a look-up it is a sparse one
        np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("policy", ["mixed_float16", "float32"])
@pytest.mark.parametrize("jit", [False, True])
def test_layers_train(kernel, policy, jit, rng):
    layers = [
        CompressedConv2D(9, 3, kernel=kernel, dtype=policy),
        keras.layers.Flatten(),
        CompressedDense(8, kernel=kernel, dtype=policy),
    ]
    model = keras.Sequential([keras.Input((4, 4, 3)), *layers])
    model.compile("sgd", "mse", jit_compile=jit)
    before = model.get_weights()
    x = rng.normal(size=(8, 4, 4, 3)).astype("float32")
    model.fit(x, np.ones((8, 8)), verbose=0)
    assert all((a != b).any() for a, b in zip(model.get_weights(), before, strict=True))


def test_a_saved_model_has_the_same_signs(kernel, tmp_path, rng):
    x = rng.normal(size=(3, 12)).astype("float32")
    layer = CompressedDense(9, kernel=kernel)
    model = keras.Sequential([keras.Input((12,)), layer])
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(x), model(x))


@pytest.mark.parametrize("compact", [False, True])
def test_files_give_the_same_outputs(kernel, compact, tmp_path):
    model = keras.Sequential([keras.Input((40,)), CompressedDense(30, kernel=kernel)])
    result = to_tflite(model, tmp_path / "model.tflite", compact=compact)
    assert result.max_error < 1e-5


def test_a_file_of_blocks_is_smaller_and_keeps_them(tmp_path):
    layer = CompressedDense(512, kernel=Circulant(block_size=32, seed=1))
    model = keras.Sequential([keras.Input((512,)), layer])
    result = to_tflite(model, tmp_path / "model.tflite")
    assert result.bytes < 4 * 512 * 512 / 10
    assert to_saved_model(model, tmp_path / "saved").max_error < 1e-5


def test_a_trained_convolution_starts_at_the_nearest():
    model = keras.Sequential([keras.Input((6, 6, 8)), keras.layers.Conv2D(8, 3)])
    small = convert(model, {"conv*": Circulant(block_size=4, seed=1)})
    kernel = small.layers[0].kernels["kernel"]
    assert kernel.stored_bits() == 32 * 9 * 8 * 8 / 4
    assert 0 < kernel.error < 1


@pytest.mark.parametrize(
    ("kernel", "shape"), [(Toeplitz(), (1, 5)), (Circulant(), (1, 5))]
)
def test_a_weight_that_is_too_small_is_refused(kernel, shape):
    with pytest.raises(ValueError, match="store fewer numbers than the 1 x 5 weight"):
        kernel.copy().build(shape)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"block_size": 1}, "`block_size` must be an integer of at least 2"),
        ({"signs": 1}, "`signs` must be True or False"),
        ({"seed": -1}, "`seed` must be an integer in"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises((ValueError, TypeError), match=message):
        Circulant(**options)
