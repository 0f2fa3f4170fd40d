import numpy as np
import pytest

from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.convolution import Convolution
from tfcompress.layers.convolution_host import ConvolutionHost


def test_hosts_of_convolutions_share_it():
    assert issubclass(CompressedConv2D, ConvolutionHost)


@pytest.mark.parametrize(("groups", "filters"), [(1, [2]), (2, [4])])
def test_low_rank_is_two_products_unless_there_are_groups(
    groups, filters, rng, monkeypatch
):
    kernel = LowRank(rank=2, must_pay=False)
    host = CompressedConv2D(4, 3, groups=groups, kernel=kernel)
    host.build((None, 5, 5, 4))
    x = rng.normal(size=(1, 5, 5, 4)).astype("float32")
    expected = Convolution(host)(x, host.kernel)
    seen = []
    plain = Convolution.__call__

    def noting(self, inputs, kernel):
        seen.append(kernel.shape[-1])
        return plain(self, inputs, kernel)

    monkeypatch.setattr(Convolution, "__call__", noting)
    outputs = host(x)

    assert seen == filters
    np.testing.assert_allclose(outputs, expected, atol=1e-5)
