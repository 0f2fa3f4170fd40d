import numpy as np
import pytest
from keras import layers

from tfcompress.layers.convolution import Convolution

OPTIONS = [
    {},
    {"padding": "same", "strides": 2},
    {"padding": "same", "dilation_rate": 2},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_it_is_what_the_layer_does(options, rng):
    layer = layers.Conv2D(5, (3, 2), use_bias=False, **options)
    x = rng.normal(size=(2, 9, 8, 4)).astype("float32")
    expected = layer(x)
    np.testing.assert_allclose(Convolution(layer)(x, layer.kernel), expected, atol=1e-5)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_depthwise_is_a_kernel_that_mixes_no_channels(options, rng):
    layer = layers.Conv2D(4, 3, **options)
    x = rng.normal(size=(2, 9, 8, 4)).astype("float32")
    layer.build(x.shape)
    filters = rng.normal(size=(3, 3, 4)).astype("float32")
    whole = filters[..., None] * np.eye(4, dtype="float32")
    op = Convolution(layer)
    assert op.has_depthwise
    np.testing.assert_allclose(
        op.depthwise(x, filters[..., None]), op(x, whole), atol=1e-5
    )


@pytest.mark.parametrize(
    "options", [*OPTIONS, {"strides": (2, 1), "padding": "same"}], ids=str
)
def test_along_one_axis_after_the_other_is_the_whole(options, rng):
    layer = layers.Conv2D(5, 3, **options)
    x = rng.normal(size=(2, 9, 8, 4)).astype("float32")
    layer.build(x.shape)
    down = rng.normal(size=(3, 1, 4, 6)).astype("float32")
    across = rng.normal(size=(1, 3, 6, 5)).astype("float32")
    whole = np.einsum("hic,wco->hwio", down[:, 0], across[0])
    op = Convolution(layer)
    parts = op.along(1)(op.along(0)(x, down), across)
    np.testing.assert_allclose(parts, op(x, whole), atol=1e-4)


def test_causal_padding_is_before(rng):
    layer = layers.Conv1D(4, 3, padding="causal", dilation_rate=2, use_bias=False)
    x = rng.normal(size=(2, 9, 4)).astype("float32")
    expected = layer(x)
    op = Convolution(layer)
    np.testing.assert_allclose(op(x, layer.kernel), expected, atol=1e-5)
    filters = rng.normal(size=(3, 4)).astype("float32")
    whole = filters[..., None] * np.eye(4, dtype="float32")
    np.testing.assert_allclose(
        op.depthwise(x, filters[..., None]), op(x, whole), atol=1e-5
    )


@pytest.mark.parametrize(
    "layer", [layers.Conv3D(2, 3), layers.Conv2D(2, 3, strides=(1, 2))]
)
def test_depthwise_is_not_there_for_all(layer):
    assert not Convolution(layer).has_depthwise
