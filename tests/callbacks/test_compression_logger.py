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
    assert list(events(tmp_path, images=False)) == ["sparsity/m/d/kernel"]


def test_images_must_be_true_or_false():
    with pytest.raises(TypeError, match="`images` must be True or False"):
        CompressionLogger("logs", images=1)
