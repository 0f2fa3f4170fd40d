import keras
import numpy as np
import pytest
from contract import LayerContract

from tfcompress.kernels.full import Full
from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_conv2d import CompressedConv2D


class TestContract(LayerContract):
    layer_class = CompressedConv2D
    twin = keras.layers.Conv2D
    arguments = {"filters": 4, "kernel_size": 3}
    options = {"kernel": Hashed(ratio=0.25, seed=1)}
    own = ("kernel",)
    input_shape = (5, 5, 3)
    output_shape = (3, 3, 4)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"padding": "same"},
        {"strides": (2, 1), "padding": "same"},
        {"dilation_rate": 2},
        {"groups": 2},
        {"use_bias": False, "activation": "relu"},
        {"kernel_size": (1, 3)},
    ],
    ids=str,
)
def test_full_is_the_twin(options, rng):
    options = {"filters": 6, "kernel_size": 3, **options}
    twin = keras.layers.Conv2D(**options, bias_initializer="normal")
    x = rng.normal(size=(2, 8, 8, 4)).astype("float32")
    expected = twin(x)
    host = CompressedConv2D(**options, kernel=Full())
    host.build(x.shape)
    host.kernels["kernel"].encode(twin.kernel.numpy())
    if host.use_bias:
        host.bias.assign(twin.bias)
    np.testing.assert_allclose(host(x), expected, atol=1e-5)


def test_channels_first_puts_the_bias_on_the_channels(rng):
    # The convolution itself has no channels_first kernel on a CPU.
    host = CompressedConv2D(3, 1, data_format="channels_first")
    host.build((None, 2, 4, 4))
    host.bias.assign([1.0, 2.0, 3.0])
    host.convolution_op = lambda inputs, kernel: np.zeros((1, 3, 4, 4), "float32")
    outputs = np.asarray(host.call(np.zeros((1, 2, 4, 4), "float32")))
    assert outputs[0, :, 0, 0].tolist() == [1, 2, 3]
