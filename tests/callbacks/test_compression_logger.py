import keras
import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

from tfcompress.callbacks.compression_logger import CompressionLogger
from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.schedules.one_shot import OneShot

X, Y = np.ones((8, 4)), np.ones((8, 2))


def events(folder, *callbacks, **options):
    dense = keras.layers.Dense(2, name="d")
    model = keras.Sequential([keras.Input((4,)), dense], name="m")
    model.compile("sgd", "mse")
    logger = CompressionLogger(folder, **options)
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[*callbacks, logger])
    found = EventAccumulator(str(folder), {"tensors": 0}).Reload()
    return {tag: found.Tensors(tag) for tag in found.Tags()["tensors"]}


def test_sparsity_of_each_weight_is_written_each_epoch(tmp_path):
    found = events(tmp_path, PruneLowMagnitude(OneShot(0.5, at="1 epoch")))

    values = [
        float(make_ndarray(event.tensor_proto))
        for event in found["sparsity/m/d/kernel"]
    ]
    assert values == [0.5] * 3
    assert [event.step for event in found["sparsity/m/d/kernel"]] == [0, 1, 2]


def test_mask_is_an_image_of_inputs_by_outputs(tmp_path):
    found = events(tmp_path)

    width, height, png = found["mask/m/d/kernel"][0].tensor_proto.string_val
    assert (width, height) == (b"2", b"4")
    assert png.startswith(b"\x89PNG")


def test_images_can_be_left_out(tmp_path):
    assert sorted(events(tmp_path, images=False)) == [
        "compression/stored_bits",
        "compression/zeros",
        "sparsity/m/d/kernel",
    ]


def test_bits_and_zeros_are_in_the_logs_without_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    model.compile("sgd", "mse")
    prune = PruneLowMagnitude(OneShot(0.5, at="1 epoch"))
    fit = {"epochs": 2, "verbose": 0, "callbacks": [prune, CompressionLogger()]}
    history = model.fit(X, Y, **fit).history

    # 4 * 2 weights and 2 biases of 32 bits; half of the weights are zero.
    assert history["stored_bits"] == [320, 320]
    assert history["zeros"] == [0.4, 0.4]
    assert "distance_to_baseline" not in history
    assert not list(tmp_path.iterdir())


def test_distance_is_that_of_the_outputs_relative_to_the_baselines():
    def linear(weight):
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.set_weights([np.array([[weight]]), np.zeros(1)])
        return model

    model = linear(3.0)
    model.compile(keras.optimizers.SGD(0.0), "mse")
    log = CompressionLogger(baseline=linear(4.0), x=np.ones((5, 1)))
    fit = {"verbose": 0, "callbacks": [log]}
    for _ in range(2):  # it works when fitted twice
        history = model.fit(np.ones((2, 1)), np.ones((2, 1)), **fit).history
        assert history["distance_to_baseline"] == pytest.approx([1 / 4])


@pytest.mark.parametrize("given", ["baseline", "x"])
def test_baseline_and_inputs_come_together(given):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="`baseline` must be given with `x`"):
        CompressionLogger(**{given: {"baseline": model, "x": X}[given]})


def test_baseline_must_be_a_model():
    with pytest.raises(TypeError, match="`baseline` must be a `keras.Model`"):
        CompressionLogger(baseline="model.keras", x=X)


def test_images_must_be_true_or_false():
    with pytest.raises(TypeError, match="`images` must be True or False"):
        CompressionLogger("logs", images=1)
