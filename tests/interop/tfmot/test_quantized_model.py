import keras
import numpy as np
from keras import layers

from tfcompress.interop.tfmot.quantized_graph import Range, Rounding
from tfcompress.interop.tfmot.quantized_model import quantized_model


def model(kernel):
    made = keras.Sequential(
        [keras.Input((2,)), layers.Dense(2, name="d", use_bias=False)]
    )
    made.set_weights([np.array(kernel)])
    return made


def test_weights_keep_their_numbers_though_the_greatest_is_not_there():
    # Steps of 2 / 127, of which 100 and -3 are taken: not a grid up to 100 steps.
    kernel = np.array([[100, -3], [0, 1]]) * 2 / 127
    made = quantized_model(model(kernel), {"d": Rounding([2.0], 8, None)})
    kept = made.get_layer("d").kernels["kernel"]
    np.testing.assert_allclose(kept.full(), kernel, rtol=1e-6)
    assert kept.codes().values.tolist() == [[100, -3], [0, 1]]
    assert kept.error < 1e-6
    assert kept.inputs is None


def test_each_channel_has_its_own_grid_where_there_are_several():
    kernel = np.array([[127, 3], [1, 64]]) * [1 / 127, 4 / 127]
    made = quantized_model(model(kernel), {"d": Rounding([1.0, 4.0], 8, None)})
    assert made.get_layer("d").kernels["kernel"].codes().values.tolist() == [
        [127, 3],
        [1, 64],
    ]


def test_inputs_are_rounded_to_their_range():
    rounding = {"d": Rounding([1.0], 8, Range(-1.0, 1.55, 8))}  # steps of 0.01
    made = quantized_model(model(np.eye(2)), rounding)
    outputs = made(np.array([[0.123, 9.0]]))
    np.testing.assert_allclose(outputs, [[0.12, 1.55]], atol=1e-6)


def test_a_model_that_rounds_nothing_is_itself():
    plain = model(np.eye(2))
    assert quantized_model(plain, {}) is plain
