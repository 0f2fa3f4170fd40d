import keras
import numpy as np
import pytest

from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.convolution_host import ConvolutionHost


def test_hosts_of_convolutions_share_it():
    assert issubclass(CompressedConv2D, ConvolutionHost)


@pytest.mark.parametrize(("groups", "filters"), [(1, [2]), (2, [4])])
def test_low_rank_is_two_products_unless_there_are_groups(groups, filters, rng):
    kernel = LowRank(rank=2, must_pay=False)
    host = CompressedConv2D(4, 3, groups=groups, kernel=kernel)
    host.build((None, 5, 5, 4))
    seen = []
    plain = host.convolution_op
    host.convolution_op = lambda x, k: seen.append(k.shape[-1]) or plain(x, k)
    x = rng.normal(size=(1, 5, 5, 4)).astype("float32")

    outputs = host(x)

    assert seen == filters
    expected = keras.ops.convert_to_numpy(plain(x, host.kernel))
    np.testing.assert_allclose(outputs, expected, atol=1e-5)
