"""What a recipe has made of a model."""

import dataclasses
import pathlib

import keras

LARGE_LOSS = 0.01


@dataclasses.dataclass(frozen=True, eq=False)
class Compressed:
    """A file and its figures; `str` of it says them in a sentence.

    Attributes:
        path: The `.tflite` file.
        model: The Keras model that it came from.
        bytes: Size of the file.
        bytes_before: Size of the file in float32 of the model before.
        accuracy: That of the file, on the validation data.
        accuracy_before: That of the file of the model before, on the same.
        times_faster: Its speed beside that file's: LiteRT, one example, side by side.
    """

    path: pathlib.Path
    model: keras.Model
    bytes: int
    bytes_before: int
    accuracy: float
    accuracy_before: float
    times_faster: float

    @property
    def times_smaller(self) -> float:
        return self.bytes_before / self.bytes

    def __str__(self) -> str:
        sentence = (
            f"{self.path}: {self.bytes:,} bytes, {self.times_smaller:.1f} times smaller "
            f"and {self.times_faster:.1f} times faster; accuracy "
            f"{100 * self.accuracy:.2f} %, before {100 * self.accuracy_before:.2f} %."
        )
        if self.accuracy_before - self.accuracy > LARGE_LOSS:
            sentence += (
                " That is a loss of more than a point: give it more `epochs`, a recipe "
                "of your own with fewer `channels`, or use `tfc.tune` with a budget of "
                "accuracy."
            )
        return sentence
