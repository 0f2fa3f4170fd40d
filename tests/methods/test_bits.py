import keras
import pytest

from tfcompress.methods.bits import Bits


@pytest.mark.parametrize(
    ("ratio", "bits"), [(0.9, 8), (0.25, 8), (0.125, 4), (0.1, 3), (0.01, 2)]
)
def test_the_ratio_is_that_of_the_bits(ratio, bits):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name="a")])
    small = Bits().compress(model, {"a": ratio})
    assert small.get_layer("a").kernels["kernel"].bits == bits
