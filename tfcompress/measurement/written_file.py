"""The files that a model can be shipped as, written to a folder to be looked at."""

import dataclasses
import pathlib

import keras
import numpy as np

from tfcompress.export.pack import pack
from tfcompress.export.saved_model import to_saved_model
from tfcompress.export.tflite import to_tflite
from tfcompress.export.unpack import unpack_to_file
from tfcompress.runtime.tflite_model import TFLiteModel

PROBE = 16
FORMS = (".keras", "SavedModel", ".tflite", "packed")


@dataclasses.dataclass(frozen=True)
class WrittenFile:
    """A file, or a folder, that was written; or why it could not be.

    Args:
        path: Where it is.
        max_error: Greatest difference of its outputs from the model's; of an archive,
            of its weights.
        failure: Why there is none, or `""`.
    """

    path: pathlib.Path
    max_error: float | None = None
    failure: str = ""

    @property
    def bytes(self) -> int | None:
        """Its size on disk; of a folder, that of all its files."""
        if self.failure:
            return None
        parts = self.path.rglob("*") if self.path.is_dir() else [self.path]
        return sum(part.stat().st_size for part in parts if part.is_file())

    def accuracy(self, data) -> float | None:
        """The share of right answers of a `.tflite` file; None where it is unknown."""
        single = data is not None and isinstance(data[0], np.ndarray)
        if self.failure or not single or self.path.suffix != ".tflite":
            return None
        return TFLiteModel(self.path).evaluate(*data)


def write(model, folder, form, *, x=None, tflite=None) -> WrittenFile:
    """Writes `model` to `folder` in one of `FORMS`.

    Args:
        model: A built model.
        folder: An existing folder.
        form: Which of the forms.
        x: Inputs, on some of which a file is compared with the model; or None.
        tflite: Mapping of arguments of `to_tflite`, or None.
    """
    folder = pathlib.Path(folder)
    probe = None
    if x is not None:
        probe = keras.tree.map_structure(lambda part: np.asarray(part)[:PROBE], x)
    path = folder / {"SavedModel": "saved_model", "packed": "model.tfc"}.get(
        form, f"model{form}"
    )
    try:
        if form == "SavedModel":
            made = to_saved_model(model, path, probe=probe)
        elif form == ".tflite":
            made = to_tflite(model, path, **{"probe": probe, **(tflite or {})})
        elif form == "packed":
            made = pack(model, path)
        else:
            # By way of an archive: `model.save` stores the optimizer's state as well.
            made = pack(model, folder / "keras.tfc")
            unpack_to_file(made.path, path)
    except ValueError as error:
        return WrittenFile(path, failure=" ".join(str(error).split()))
    return WrittenFile(path, made.max_error)
