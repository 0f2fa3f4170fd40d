import keras
import numpy as np
import pytest
from keras import ops

from tfcompress.kernels.binary import Binary
from tfcompress.layers.binary_dense import BinaryDense
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.compressed_lstm import CompressedLSTM


def _built(array, **options):
    kernel = Binary(**options)
    kernel.build(np.shape(array))
    kernel.encode(array)
    return kernel


def test_weight_is_the_sign_of_the_latent_numbers():
    kernel = _built([[0.5, -0.1], [0.0, -2.0]])
    assert kernel.full().numpy().tolist() == [[1, -1], [1, -1]]


def test_scale_is_the_mean_size_of_each_channel():
    kernel = _built([[0.5, -0.1], [0.1, -0.3]], scale="channel")
    np.testing.assert_allclose(kernel.full(), [[0.3, -0.2], [0.3, -0.2]], rtol=1e-6)


def test_scale_is_the_least_squares_optimum(rng):
    array = rng.uniform(-1, 1, size=(20, 3)).astype("float32")
    full = _built(array, scale="channel").full().numpy()
    best = ((full - array) ** 2).sum(axis=0)
    for factor in (0.9, 0.99, 1.01, 1.1):
        assert (((factor * full - array) ** 2).sum(axis=0) > best).all()


def test_latent_numbers_stay_in_the_unit_interval_in_fit(rng):
    layer = keras.layers.Layer()
    layer.kernel = Binary()
    layer.kernel.build((2, 2))
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.apply([ops.ones((2, 2)) * 9], [layer.kernel.latent])
    assert layer.kernel.latent.numpy().min() == -1


def test_stochastic_signs_differ_in_training_only():
    kernel = _built(np.zeros((50, 50)), stochastic=True, seed=0)
    first, second = kernel.full(training=True), kernel.full(training=True)
    assert abs(float(ops.mean(first))) < 0.1
    assert bool(ops.any(first != second))
    np.testing.assert_array_equal(kernel.full(), np.ones((50, 50)))


def test_stored_bits_are_one_a_weight_and_a_float_a_scale():
    assert _built(np.ones((6, 8))).stored_bits() == 48
    assert _built(np.ones((6, 8)), scale="channel").stored_bits() == 48 + 8 * 32


def test_signs_are_not_prunable():
    assert _built(np.ones((6, 8))).prunable == []


@pytest.mark.parametrize("scale", ["layer", 1.0, True])
def test_unknown_scale_is_refused(scale):
    with pytest.raises(ValueError, match="`scale` must be one of None, 'channel'"):
        Binary(scale=scale)


def test_stochastic_must_be_a_boolean():
    with pytest.raises(TypeError, match="`stochastic` must be True or False"):
        Binary(stochastic=1)


def test_scales_on_the_outputs_are_scales_on_the_weights(rng):
    kernel = _built(rng.uniform(-1, 1, size=(5, 3)), scale="channel")
    x = rng.normal(size=(4, 5)).astype("float32")
    for training in (False, True):
        outputs = kernel.apply(ops.matmul, x, output_axis=-1, training=training)
        np.testing.assert_allclose(outputs, x @ kernel.full().numpy(), atol=1e-5)


def test_magnitude_aware_gradient_takes_the_scale_for_a_constant():
    tf = pytest.importorskip("tensorflow")
    kernel = _built([[0.5], [-0.1]], scale="channel", estimator="magnitude_aware")
    with tf.GradientTape() as tape:
        loss = ops.sum(kernel.full() * np.array([[1.0], [10.0]]))
    gradient = tape.gradient(loss, kernel.latent.value)
    np.testing.assert_allclose(gradient, [[0.3], [3.0]], rtol=1e-6)


def test_gradient_of_the_scale_is_its_true_one():
    tf = pytest.importorskip("tensorflow")
    kernel = _built([[0.5], [-0.1]], scale="channel")
    with tf.GradientTape() as tape:
        loss = ops.sum(kernel.full() * np.array([[1.0], [10.0]]))
    # alpha * g, and sign / n * sum of g * sign = sign / 2 * (1 - 10)
    gradient = tape.gradient(loss, kernel.latent.value)
    np.testing.assert_allclose(gradient, [[0.3 - 4.5], [3 + 4.5]], rtol=1e-6)


def test_binary_inputs_and_their_scale_by_hand():
    kernel = _built([[1.0], [-1.0]], binarize_inputs="clipped", input_scale=True)
    y = kernel.apply(ops.matmul, np.array([[3.0, -1.0]], "float32"), output_axis=-1)
    assert float(y[0, 0]) == (1 + 1) * 2.0  # mean |x| = 2


def test_input_scale_of_a_convolution_is_the_box_filtered_mean(rng):
    kernel = Binary(binarize_inputs="clipped", input_scale=True)
    layer = CompressedConv2D(2, 2, kernel=kernel, use_bias=False)
    x = rng.normal(size=(1, 2, 2, 3)).astype("float32")
    y = ops.convert_to_numpy(layer(x))[0, 0, 0]
    weights = ops.convert_to_numpy(layer.kernel).reshape(12, 2)
    signs = np.where(x.reshape(12) >= 0, 1, -1)
    np.testing.assert_allclose(y, signs @ weights * np.abs(x).mean(), rtol=1e-5)


def test_stage_one_is_tanh_and_stage_two_signs():
    kernel = _built([[0.5], [-0.1]], two_stage=True)
    np.testing.assert_allclose(kernel.full(), np.tanh([[0.5], [-0.1]]), rtol=1e-5)
    assert kernel.codes() is None
    kernel.harden()
    assert kernel.full().numpy().tolist() == [[1], [-1]]


def test_saved_without_latent_numbers_it_is_small_and_predicts_the_same(tmp_path, rng):
    sizes = {}
    for save_latent in (True, False):
        layer = BinaryDense(64, scale="channel", save_latent=save_latent)
        model = keras.Sequential([keras.Input((256,)), layer])
        path = tmp_path / f"{save_latent}.keras"
        model.save(path)
        sizes[save_latent] = path.stat().st_size
        loaded = keras.models.load_model(path)
        x = rng.normal(size=(3, 256)).astype("float32")
        np.testing.assert_allclose(loaded(x), model(x), rtol=1e-4, atol=1e-5)
    assert sizes[True] - sizes[False] > 256 * 64 * 4 * 0.9


def test_codes_times_scale_are_the_weight(rng):
    kernel = _built(rng.normal(size=(5, 3)) * 0.3, scale="channel")
    codes = kernel.codes()
    assert codes.bits == 1
    np.testing.assert_allclose(codes.values * codes.scale, kernel.full(), rtol=1e-6)


def test_signs_of_the_models_own_inputs_are_warned_of():
    inputs = keras.Input((4,))
    with pytest.warns(UserWarning, match="'first'.*the model's own inputs"):
        outputs = BinaryDense(3, binarize_inputs="clipped", name="first")(inputs)
    BinaryDense(3, binarize_inputs="clipped")(outputs)  # no warning


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"estimator": "magnitude_aware"}, "`estimator` must go with scale='channel'"),
        ({"estimator": "tanh"}, "`estimator` must be one of"),
        ({"binarize_inputs": True}, "`binarize_inputs` must be one of"),
        ({"input_scale": True}, "`input_scale` must go with `binarize_inputs`"),
        ({"two_stage": True, "stochastic": True}, "`two_stage` must go with"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options, rule):
    with pytest.raises(ValueError, match=rule):
        Binary(**options)


def test_inputs_that_a_host_does_not_have_are_refused(rng):
    with pytest.raises(ValueError, match="`recurrent_kernel` must leave its inputs"):
        CompressedLSTM(2, kernels=Binary(binarize_inputs="clipped"))
    layer = CompressedLSTM(2, kernel=Binary(binarize_inputs="clipped"))
    assert layer(np.ones((1, 2, 3), "float32")).shape == (1, 2)
