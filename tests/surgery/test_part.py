import keras
import numpy as np

from tfcompress.surgery.part import Part


def test_a_part_inside_has_the_weights_of_the_layer_inside():
    layer = keras.layers.Bidirectional(keras.layers.GRU(2, use_bias=False), name="both")
    layer.build((None, 5, 3))
    part = Part(layer).inside("forward_layer")
    assert part.inner is layer.forward_layer
    assert part.name("cell.kernel") == "forward_layer.cell.kernel"
    assert part.has("cell.kernel")
    assert not part.has("cell.bias")
    np.testing.assert_array_equal(
        part.array("cell.kernel"), layer.forward_layer.cell.kernel
    )
    assert str(part) == "GRU 'both'"
