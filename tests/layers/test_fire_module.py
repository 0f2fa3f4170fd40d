import keras
import numpy as np
import pytest
from keras.src import testing

from tfcompress.export.tflite import to_tflite
from tfcompress.layers.fire_module import FireModule
from tfcompress.report.report import report


def test_it_is_the_three_convolutions(rng):
    layer = FireModule(2, 6, activation="tanh")
    x = rng.normal(size=(2, 5, 5, 4)).astype("float32")
    outputs = layer(x)
    s, a, b = (
        part.kernel.numpy() for part in (layer.narrow, layer.points, layer.windows)
    )
    inner = np.tanh(x @ s[0, 0])
    np.testing.assert_allclose(outputs[..., :3], np.tanh(inner @ a[0, 0]), atol=1e-5)
    middle = sum(
        inner[:, i : i + 3, j : j + 3] @ b[i, j] for i in range(3) for j in range(3)
    )
    np.testing.assert_allclose(outputs[:, 1:-1, 1:-1, 3:], np.tanh(middle), atol=1e-5)


@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed")
def test_passes_the_harness_of_keras():
    testing.TestCase().run_layer_test(
        FireModule,
        init_kwargs={"squeeze": 2, "expand": 6},
        input_shape=(2, 5, 5, 4),
        expected_output_shape=(2, 5, 5, 6),
        custom_objects={},
    )


def test_a_report_and_a_file_know_it(tmp_path):
    model = keras.Sequential([keras.Input((8, 8, 32)), FireModule(4, 32)])
    assert report(model).total.macs == 64 * (32 * 4 + 4 * 16 + 9 * 4 * 16)
    assert to_tflite(model, tmp_path / "model.tflite").max_error < 1e-5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((0, 4), "`squeeze` must be a positive"), ((2, 5), "`expand` must be even")],
)
def test_bad_arguments_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        FireModule(*arguments)
