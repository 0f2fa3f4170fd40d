import pathlib

import keras

from tfcompress.recipes.compressed import Compressed


def _made(accuracy):
    return Compressed(
        path=pathlib.Path("small.tflite"),
        model=keras.Sequential([]),
        bytes=2_000,
        bytes_before=25_000,
        accuracy=accuracy,
        accuracy_before=0.98,
        times_faster=3.14,
    )


def test_sentence_has_the_figures():
    assert str(_made(0.975)) == (
        "small.tflite: 2,000 bytes, 12.5 times smaller and 3.1 times faster; "
        "accuracy 97.50 %, before 98.00 %."
    )


def test_a_large_loss_comes_with_advice():
    assert "more than a point" in str(_made(0.96))
    assert "`tfc.tune`" in str(_made(0.96))
