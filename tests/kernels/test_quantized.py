import keras
import numpy as np
import pytest
from keras import layers, ops

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.conversion.convert import convert
from tfcompress.kernels.quantized import Quantized
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.compressed_lstm import CompressedLSTM
from tfcompress.schedules.one_shot import OneShot


def _built(array, **options):
    kernel = Quantized(**options)
    kernel.build(np.shape(array))
    kernel.encode(array)
    return kernel


@pytest.mark.parametrize("options", [{}, {"learned_range": True}])
@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("per_channel", [True, False])
@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_weights_are_few_and_zeros_stay_exactly(
    bits, per_channel, symmetric, options, rng
):
    array = rng.normal(size=(40, 3)).astype("float32")
    array[::2] = 0
    options = {"per_channel": per_channel, "symmetric": symmetric, **options}
    full = _built(array, bits=bits, **options).full().numpy()
    assert (full[::2] == 0).all()
    groups = full.T if per_channel else [full]
    assert all(len(np.unique(group)) <= 2**bits for group in groups)


def test_error_is_half_a_step_at_most(rng):
    array = rng.normal(size=(40, 3)).astype("float32")
    full = _built(array, bits=4).full().numpy()
    step = np.abs(array).max(axis=0) / 7
    assert (np.abs(full - array) <= step / 2 + 1e-6).all()


@pytest.mark.parametrize("options", [{}, {"learned_range": True}])
@pytest.mark.parametrize("per_channel", [True, False])
def test_codes_times_scale_are_the_weight(per_channel, options, rng):
    array = rng.normal(size=(3, 3, 2, 4))
    kernel = _built(array, bits=4, per_channel=per_channel, **options)
    codes = kernel.codes()
    assert np.abs(codes.values).max() <= 7
    full = ops.convert_to_numpy(kernel.full())
    np.testing.assert_allclose(codes.values * codes.scale, full, rtol=1e-5)


def test_without_symmetry_there_are_no_codes(rng):
    assert _built(rng.normal(size=(4, 4)), symmetric=False).codes() is None


def test_latent_numbers_learn_as_through_the_identity():
    tf = pytest.importorskip("tensorflow")
    kernel = _built([[1.0], [0.2]], bits=2)
    with tf.GradientTape() as tape:
        loss = ops.sum(kernel.full() * np.array([[1.0], [10.0]]))
    np.testing.assert_allclose(tape.gradient(loss, kernel.latent.value), [[1], [10]])


def test_learned_range_begins_at_twice_the_mean_size_by_root_q_but_within_the_weight():
    options = {"bits": 2, "learned_range": True}  # q = 1
    kernel = _built([[1.0, -0.5], [1.0, 0.5], [-5.0, 0.5], [1.0, 0.5]], **options)
    assert kernel.high.numpy().tolist() == [[4, 0.5]]  # means of 2 and 0.5
    kernel = _built([[1.0], [1.0], [-5.0], [1.0]], symmetric=False, **options)
    assert (float(kernel.low[0, 0]), float(kernel.high[0, 0])) == (-4, 1)


def test_learned_step_has_the_gradient_of_its_paper():
    tf = pytest.importorskip("tensorflow")
    kernel = _built([[1.0], [0.1]], bits=3, learned_range=True)
    kernel.high.assign([[0.75]])  # q = 3: a step of 0.25
    with tf.GradientTape() as tape:
        loss = ops.sum(kernel.full())
    by_latent, by_high = tape.gradient(loss, [kernel.latent.value, kernel.high.value])
    assert by_latent.numpy().ravel().tolist() == [0, 1]  # the first is beyond the range
    # By the step 3 outside, round(0.4) - 0.4 inside; times 1/q for high, 1/sqrt(2 q).
    assert float(by_high[0, 0]) == pytest.approx((3 - 0.4) / 3 / np.sqrt(6), rel=1e-4)


def test_inputs_are_rounded_to_the_range_that_training_saw(rng):
    kernel = Quantized(quantize_inputs=2)
    layer = CompressedDense(1, kernel=kernel, use_bias=False)
    x = np.array([[0.0], [0.4], [3.0]], "float32")
    layer.build((None, 1))
    weight = float(layer.kernel.numpy()[0, 0])
    np.testing.assert_allclose(layer(x), x * weight, rtol=1e-6)  # nothing seen yet
    layer(x, training=True)  # from 0 to 3: the grid 0, 1, 2, 3
    expected = np.array([[0], [0], [3]]) * weight
    np.testing.assert_allclose(layer(x), expected, rtol=1e-6)
    layer(x + 100, training=True)  # 0.99 * 3 + 0.01 * 103
    assert float(layer.kernels["kernel"].inputs.high.numpy()) == pytest.approx(4.0)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("learned", [False, True])
def test_inputs_and_ranges_train_in_fit(policy, jit, learned, rng):
    kernel = Quantized(bits=4, quantize_inputs=4, learned_range=learned)
    layer = CompressedDense(2, kernel=kernel, dtype=policy)
    model = keras.Sequential([keras.Input((4,)), layer])
    model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=jit)
    x = rng.normal(size=(64, 4)).astype("float32")
    model.fit(x, x[:, :2], epochs=2, batch_size=8, verbose=0)
    inputs = layer.kernels["kernel"].inputs
    low, high = float(inputs.low.numpy()), float(inputs.high.numpy())
    assert x.min() - 1 < low < -1
    assert 1 < high < x.max() + 1
    assert inputs.high.trainable == learned
    rounded = ops.convert_to_numpy(layer.kernels["kernel"].prepare(x))
    assert len(np.unique(rounded)) <= 16


def test_every_host_takes_rounded_inputs(rng):
    kernel = Quantized(quantize_inputs=8)
    x = keras.Input((8, 8, 4))
    y = layers.DepthwiseConv2D(3)(layers.Conv2D(4, 3)(x))
    y = layers.Reshape((4, 16))(y)
    y = layers.EinsumDense("abc,cd->abd", (None, 8))(y)
    y = layers.MultiHeadAttention(2, 4)(y, y)
    y = layers.LSTM(3, return_sequences=True, name="lstm")(y)
    model = keras.Model(x, layers.Dense(2)(y))
    names = {layer.name: kernel for layer in model.layers if layer.weights}
    one_each = {"kernel": kernel, "recurrent_kernel": Quantized()}
    small = convert(model, {**names, "lstm": (CompressedLSTM, one_each)})
    small.compile("sgd", "mse")
    data = rng.normal(size=(8, 8, 8, 4)).astype("float32")
    small.fit(data, np.zeros((8, 4, 2)), verbose=0)
    assert np.isfinite(small(data)).all()


def test_states_of_a_recurrent_layer_cannot_be_rounded():
    model = keras.Sequential([keras.Input((4, 3)), layers.LSTM(2, name="lstm")])
    fault = "'lstm' cannot be converted. `recurrent_kernel` must leave its inputs"
    with pytest.raises(ValueError, match=fault):
        convert(model, {"lstm": Quantized(quantize_inputs=8)})


def test_pruned_weights_stay_zero_while_they_are_trained_with_few_bits(rng):
    model = keras.Sequential([keras.Input((20,)), layers.Dense(10, name="one")])
    x = rng.normal(size=(64, 20)).astype("float32")
    y = rng.normal(size=(64, 10))
    model.compile("adam", "mse")
    model.fit(x, y, verbose=0, callbacks=[PruneLowMagnitude(OneShot(0.9, at=0))])
    zeros = model.layers[0].kernel.numpy() == 0
    assert zeros.mean() == pytest.approx(0.9, abs=0.01)
    small = convert(model, {"one": Quantized()})
    small.compile("adam", "mse")
    # The callback keeps what is zero at the beginning.
    keep = [PruneLowMagnitude(OneShot(0.9, at=0))]
    small.fit(x, y, epochs=2, verbose=0, callbacks=keep)
    np.testing.assert_array_equal(small.layers[0].kernel.numpy() == 0, zeros)


@pytest.mark.parametrize("bits", [1, 9, 4.5, "8"])
def test_bits_out_of_range_are_refused(bits):
    with pytest.raises(ValueError, match="`bits` must be an integer in \\[2, 8\\]"):
        Quantized(bits=bits)
    with pytest.raises(ValueError, match="`quantize_inputs` must be an integer in"):
        Quantized(quantize_inputs=bits)


def test_weights_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="finite numbers only"):
        _built([[np.nan], [1.0]])


def test_embeddings_have_no_inputs_to_round():
    model = keras.Sequential([keras.Input((3,)), layers.Embedding(5, 2)])
    with pytest.raises(ValueError, match="those of an embedding are indices"):
        convert(model, {"embedding*": Quantized(quantize_inputs=8)})


def test_config_round_trip():
    kernel = Quantized(bits=3, per_channel=False, quantize_inputs=5)
    again = Quantized.from_config(kernel.get_config())
    assert again.get_config() == kernel.get_config()


def test_saved_model_gives_the_same_outputs(tmp_path, rng):
    kernel = Quantized(bits=3, learned_range=True, quantize_inputs=4)
    model = keras.Sequential(
        [keras.Input((6, 6, 2)), CompressedConv2D(3, 3, kernel=kernel)]
    )
    x = rng.normal(size=(4, 6, 6, 2)).astype("float32")
    model(x, training=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(x), model(x))
