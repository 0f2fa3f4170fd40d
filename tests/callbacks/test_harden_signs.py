import keras
import numpy as np
import pytest

from tfcompress.callbacks.harden_signs import HardenSigns
from tfcompress.kernels.binary import Binary
from tfcompress.layers.compressed_dense import CompressedDense


def _model(**options):
    layer = CompressedDense(1, kernel=Binary(**options), use_bias=False)
    model = keras.Sequential([keras.Input((2,)), layer])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    return model, layer


class _Watch(keras.callbacks.Callback):
    def __init__(self, kernel):
        super().__init__()
        self.kernel, self.seen = kernel, []

    def on_train_batch_begin(self, batch, logs=None):
        self.seen.append(float(self.kernel.hard.numpy()))


@pytest.mark.parametrize(
    ("begin", "seen"), [("50%", [0, 0, 1, 1]), (1, [0, 1, 1, 1]), (3, [0, 0, 0, 1])]
)
def test_the_second_stage_begins_where_it_is_told(begin, seen):
    model, layer = _model(two_stage=True)
    watch = _Watch(layer.kernels["kernel"])
    x = np.zeros((4, 2))
    callbacks = [HardenSigns(begin), watch]
    model.fit(x, x[:, :1], batch_size=2, epochs=2, verbose=0, callbacks=callbacks)
    assert watch.seen == seen


def test_a_model_without_stages_is_refused():
    model, _ = _model()
    x = np.zeros((4, 2))
    with pytest.raises(ValueError, match="must have layers with `Binary"):
        model.fit(x, x[:, :1], verbose=0, callbacks=[HardenSigns()])


def test_config_round_trip():
    assert HardenSigns(**HardenSigns("2 epochs").get_config()).begin == "2 epochs"
