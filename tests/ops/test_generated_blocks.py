import numpy as np
import pytest

from tfcompress.ops import generated_blocks


def test_blocks_cover_the_weight(rng):
    array = rng.normal(size=(3, 3, 5, 7))
    blocks = generated_blocks.cut(array, (3, 3, 4, 4))
    assert blocks.shape == (4, 3, 3, 4, 4)
    np.testing.assert_array_equal(blocks[0], array[:, :, :4, :4])
    np.testing.assert_array_equal(blocks[3][:, :, :1, :3], array[:, :, 4:, 4:])
    assert not blocks[3][:, :, 1:].any()


@pytest.mark.parametrize("count", [20, 2])
def test_what_such_a_network_made_is_recovered(count, rng):
    inner, inner_bias = rng.normal(size=(4, 2, 3)), rng.normal(size=(4, 3))
    outer, outer_bias = rng.normal(size=(3, 10)), rng.normal(size=10)

    def make(z, inner, inner_bias, outer, outer_bias):
        hidden = np.einsum("nz,izh->nih", z, inner) + inner_bias
        return hidden @ outer + outer_bias

    rows = make(rng.normal(size=(count, 2)), inner, inner_bias, outer, outer_bias)
    blocks = rows.reshape(count, 4, 2, 5).transpose(0, 2, 1, 3)
    z, parts = generated_blocks.fit(blocks, embedding=2, hidden=3)
    np.testing.assert_allclose(make(z, **parts), rows, atol=1e-10)
