import numpy as np
import pytest

from tfcompress.kernels.full import Full
from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.attention_host import WEIGHTS, AttentionHost
from tfcompress.layers.compressed_einsum_dense import CompressedEinsumDense
from tfcompress.layers.compressed_group_query_attention import (
    CompressedGroupQueryAttention,
)
from tfcompress.layers.compressed_multi_head_attention import (
    CompressedMultiHeadAttention,
)

MADE = {
    CompressedMultiHeadAttention: (2, 4),
    CompressedGroupQueryAttention: (4, 2, 2),
}


@pytest.mark.parametrize("host", MADE)
def test_each_projection_has_the_kernel_that_was_given_for_it(host):
    layer = host(*MADE[host], kernels=Hashed(ratio=0.5), output_kernel=Full())
    layer(np.ones((1, 3, 8)), np.ones((1, 3, 8)))
    kinds = [type(layer.kernels[name]) for name in WEIGHTS]
    assert kinds == [Hashed, Hashed, Hashed, Full]
    for name in WEIGHTS:
        assert type(AttentionHost.projection(layer, name)) is CompressedEinsumDense
        assert layer.weight(name).shape == getattr(layer, name).shape
