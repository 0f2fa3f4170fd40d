import keras
import numpy as np
import pytest

from tfcompress import layers
from tfcompress.conversion.convert import convert
from tfcompress.kernels.full import Full
from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.hashed_dense import HashedDense

BIASED = [
    (layers.CompressedDense, {"units": 8}, (4,)),
    (
        layers.CompressedEinsumDense,
        {"equation": "ab,bc->ac", "output_shape": 8, "bias_axes": "c"},
        (4,),
    ),
    (layers.CompressedConv1D, {"filters": 8, "kernel_size": 2}, (5, 4)),
    (layers.CompressedConv2D, {"filters": 8, "kernel_size": 2}, (5, 5, 4)),
    (layers.CompressedDepthwiseConv2D, {"kernel_size": 2}, (5, 5, 8)),
    (layers.CompressedConv2DTranspose, {"filters": 8, "kernel_size": 2}, (5, 5, 4)),
    (layers.CompressedSimpleRNN, {"units": 8}, (5, 4)),
    (layers.CompressedGRU, {"units": 4}, (5, 4)),
    (layers.CompressedLSTM, {"units": 4}, (5, 4)),
]


def test_one_kernel_given_to_two_layers_is_two_sets_of_variables():
    kernel = Hashed(ratio=0.5, seed=1)
    layers = [CompressedDense(4, kernel=kernel) for _ in range(2)]
    for layer in layers:
        layer.build((None, 4))

    assert layers[0].kernels["kernel"].value is not layers[1].kernels["kernel"].value
    assert not kernel.built


def test_variables_are_named_after_the_weight_they_stand_for():
    layer = HashedDense(4, ratio=0.5, name="head")
    layer.build((None, 4))
    assert sorted(v.path for v in layer.weights) == ["head/bias", "head/kernel/value"]


def test_a_kernel_that_is_none_is_refused():
    with pytest.raises(TypeError, match=r"`kernel` must be a kernel.*kernel=3"):
        CompressedDense(4, kernel=3)


def test_arguments_of_keras_may_be_given_by_position():
    layer = HashedDense(4, "relu", False, ratio=0.5)
    assert layer.activation is keras.activations.relu
    assert layer.use_bias is False


def test_kernel_reads_as_the_full_weight_and_cannot_be_set():
    layer = HashedDense(4, ratio=0.5)
    layer.build((None, 4))
    assert tuple(layer.kernel.shape) == (4, 4)


def test_a_hashed_bias_has_a_vector_and_a_hash_of_its_own():
    # HashedNets: ceil(n_out * ratio) stored values for the biases.
    ratio = 1 / 8
    bias = Hashed(ratio=ratio, block_size=1, seed=5)
    layer = HashedDense(100, ratio=ratio, block_size=1, seed=1, bias=bias)
    layer.build((None, 30))
    assert layer.kernels["bias"].value.shape == (13, 1)
    assert layer.count_params() == 375 + 13
    assert layer.kernels["bias"].seed != layer.kernels["kernel"].seed
    again = HashedDense.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()


def test_a_bias_may_have_a_kernel_in_every_host_that_has_one(subtests, rng):
    for host, arguments, shape in BIASED:
        with subtests.test(host=host.__name__):
            layer = host.twin(**arguments, name="it", bias_initializer="normal")
            model = keras.Sequential([keras.Input(shape), layer])
            bias = Hashed(ratio=1.0, block_size=1)
            converted = convert(model, {"it": (host, {"bias": bias})})
            new = converted.get_layer("it")
            error = new.kernels["bias"].error
            assert 0 < error < 1  # some of the biases share a value
            full = convert(model, {"it": (host, {"bias": Full()})})
            x = rng.normal(size=(2, *shape)).astype("float32")
            np.testing.assert_allclose(full(x), model(x), atol=1e-5)
            assert np.abs(converted(x) - model(x)).max() > 1e-6
            assert host.from_config(new.get_config()).get_config() == new.get_config()


def test_a_kernel_for_a_bias_that_is_not_there_is_refused():
    layer = CompressedDense(4, use_bias=False, bias=Full())
    with pytest.raises(ValueError, match="`bias` must be a weight that .* makes with"):
        layer(np.ones((1, 3)))


def test_a_kernel_for_an_unknown_weight_is_refused():
    message = "`kernle` must be one of the weights of CompressedDense: kernel, bias"
    with pytest.raises(ValueError, match=message):
        CompressedDense(4, kernle=Full())
