import keras
import numpy as np
import pytest
from contract import LayerContract

from tfcompress.kernels.full import Full
from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_dense import CompressedDense


class TestContract(LayerContract):
    layer_class = CompressedDense
    twin = keras.layers.Dense
    arguments = {"units": 8}
    options = {"kernel": LowRank(rank=2)}
    own = ("kernel",)
    input_shape = (6,)
    output_shape = (8,)


@pytest.mark.parametrize("shape", [(5,), (4, 5), (3, 4, 5)])
@pytest.mark.parametrize(
    "options", [{}, {"use_bias": False}, {"activation": "softmax"}], ids=str
)
def test_full_is_the_twin(shape, options, rng):
    twin = keras.layers.Dense(7, **options)
    x = rng.normal(size=(2, *shape)).astype("float32")
    expected = twin(x)
    host = CompressedDense(7, kernel=Full(), **options)
    host.build(x.shape)
    host.kernels["kernel"].encode(twin.kernel.numpy())
    np.testing.assert_allclose(host(x), expected, atol=1e-5)


def test_masks_pass_through():
    model = keras.Sequential(
        [keras.Input((3, 2)), keras.layers.Masking(), CompressedDense(2)]
    )
    mask = model.layers[-1].compute_mask(None, "the mask")
    assert mask == "the mask"


def test_full_counts_the_parameters_of_the_twin():
    layer = CompressedDense(7)
    layer.build((None, 5))
    assert layer.count_params() == 42
