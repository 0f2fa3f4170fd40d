import numpy as np
import pytest
from keras import ops

from tfcompress.kernels.variational_dropout import VariationalDropout
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.compressed_lstm import CompressedLSTM
from tfcompress.layers.compressed_simple_rnn import CompressedSimpleRNN


def _built(shape=(4, 3), **options):
    kernel = VariationalDropout(strength=0.5, seed=0, **options)
    kernel.build(shape)
    return kernel


def test_outputs_have_the_mean_and_the_variance_of_those_of_drawn_weights(rng):
    kernel = _built()
    theta = rng.normal(size=(4, 3)).astype("float32")
    kernel.value.assign(theta)
    variance = rng.uniform(0.1, 1, size=(4, 3))
    kernel.log_variance.assign(np.log(variance))
    x = rng.normal(size=(1, 4)).astype("float32")
    many = np.repeat(x, 20000, axis=0)

    drawn = np.array(kernel.apply(ops.matmul, many, output_axis=-1, training=True))

    deviation = np.sqrt(x**2 @ variance)[0]
    assert np.abs(drawn.mean(0) - (x @ theta)[0]).max() < 4 * deviation.max() / 141
    np.testing.assert_allclose(drawn.std(0), deviation, rtol=0.03)


def test_noise_of_a_group_is_multiplied_by_its_factor():
    kernel = _built((1, 2), groups="output", initial_log_variance=-20.0)
    kernel.value.assign(np.zeros((1, 2)))
    kernel.log_variance.assign(np.zeros((1, 2)))
    kernel.factor.assign([[2, 3]])
    drawn = kernel.apply(ops.matmul, np.ones((20000, 1)), training=True)
    np.testing.assert_allclose(np.std(drawn, axis=0), [2, 3], rtol=0.03)


def test_rows_are_drawn_where_they_are_looked_up():
    kernel = _built((2, 20000), initial_log_variance=0.0)
    kernel.value.assign(np.full((2, 20000), 2.0))
    once, again = np.array(kernel.rows(np.array([1, 1]), training=True))
    assert once.mean() == pytest.approx(2, abs=0.04)
    assert once.std() == pytest.approx(1, rel=0.03)
    assert abs(np.corrcoef(once, again)[0, 1]) < 0.04


def test_each_example_has_noise_of_its_own():
    kernel = _built(initial_log_variance=0.0)
    first, second = kernel.apply(ops.matmul, np.ones((2, 4)), training=True)
    assert (np.array(first) != np.array(second)).all()


def test_a_recurrent_layer_has_the_same_noise_in_all_its_steps():
    loud = VariationalDropout(strength=0.5, initial_log_variance=2.0)
    layer = CompressedLSTM(3, kernel=loud, return_sequences=True)
    layer(np.ones((1, 6, 2)))
    seen = []
    full = layer.kernels["kernel"].full
    layer.kernels["kernel"].__dict__["full"] = lambda t: seen.append(t) or full(t)
    layer(np.ones((1, 6, 2)), training=True)
    assert seen == [True]


def test_a_recurrent_weight_is_drawn_once_for_all_steps():
    loud = VariationalDropout(strength=0.5, initial_log_variance=0.0, seed=0)
    layer = CompressedSimpleRNN(1, "linear", kernels=loud, return_sequences=True)
    x = np.float32([1, 0, 0, 0]).reshape(1, 4, 1)
    # States are k, k r, k r^2, k r^3, with whatever k and r have been drawn.
    states = np.array(layer(x, training=True))[0, :, 0]
    others = np.array(layer(x, training=True))[0, :, 0]
    ratios, again = states[1:] / states[:-1], others[1:] / others[:-1]
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-5)
    np.testing.assert_allclose(again, again[0], rtol=1e-5)
    assert abs(ratios[0] - again[0]) > 0.01


def test_weights_that_are_mostly_noise_are_zero_at_inference():
    kernel = _built((1, 3))
    kernel.value.assign([[1.0, 1.0, 1.0]])
    kernel.log_variance.assign([[2.9, 3.1, -9.0]])
    np.testing.assert_array_equal(kernel.full(), [[1, 0, 1]])
    assert kernel.sparsity() == pytest.approx(1 / 3)


@pytest.mark.parametrize("groups", [None, "input", "output"])
def test_trained_weights_are_started_from_exactly(groups, rng):
    kernel = _built(groups=groups, initial_log_variance=-1.0)
    assert kernel.encode(1e-3 * rng.normal(size=(4, 3))) < 1e-6


@pytest.mark.parametrize("groups", ["input", "output"])
def test_a_group_that_is_noise_goes_as_a_whole(groups):
    kernel = _built(groups=groups)
    variance = np.full(kernel.factor.shape, -9.0)
    variance.flat[1] = 4.0
    kernel.factor_log_variance.assign(variance)
    zeros = np.array(kernel.full()) == 0
    expected = np.zeros((4, 3), bool)
    if groups == "input":
        expected[1] = True
    else:
        expected[:, 1] = True
    np.testing.assert_array_equal(zeros, expected)


@pytest.mark.parametrize("groups", [None, "input", "output"])
def test_rows_are_those_of_the_weight(groups):
    kernel = _built(groups=groups)
    np.testing.assert_array_equal(
        kernel.rows(np.array([2, 0])), np.array(kernel.full())[[2, 0]]
    )
    assert kernel.rows(np.array([[2, 0]]), training=True).shape == (1, 2, 3)


def test_penalty_is_the_divergence_times_the_strength():
    kernel = _built(groups="input")
    assert sum(map(float, kernel.losses)) == pytest.approx(
        0.5 * float(kernel.divergence()), rel=1e-6
    )


def test_outputs_of_a_convolution_are_drawn_one_by_one(rng):
    loud = VariationalDropout(strength=0.5, initial_log_variance=0.0)
    layer = CompressedConv2D(2, 3, kernel=loud, padding="same")
    x = np.ones((1, 8, 8, 1), "float32")
    # Inside, all windows are the same: nine weights with noise of deviation 1 each.
    noisy = np.array(layer(x, training=True))[0, 1:-1, 1:-1, 0]
    assert noisy.std() == pytest.approx(3, rel=0.4)
    assert np.ptp(np.array(layer(x))[0, 1:-1, 1:-1, 0]) < 1e-5


def test_noise_of_small_weights_is_not_lost_in_half_precision():
    kernel = VariationalDropout(strength=0.5, dtype="mixed_float16")
    kernel.build((4, 3))
    x = np.full((2, 4), 1e-2, "float16")
    first = kernel.apply(ops.matmul, x, output_axis=-1, training=True)
    assert first.dtype == "float16"
    assert len(np.unique(np.array(first)[:, 0])) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"groups": "weight"}, "`groups` must be one of None, 'input', 'output'"),
        ({"threshold": 8}, r"`threshold` must be a number in \(-8, 8\)"),
        ({"initial_log_variance": "low"}, "`initial_log_variance` must be a number"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        VariationalDropout(strength=1.0, **options)
