"""The files that a model can be shipped as, written to a folder to be looked at."""

import dataclasses
import functools
import pathlib

import keras
import numpy as np

from tfcompress.export.pack import pack
from tfcompress.export.saved_model import to_saved_model
from tfcompress.export.tflite import to_tflite
from tfcompress.export.unpack import unpack
from tfcompress.runtime.tflite_model import TFLiteModel
from tfcompress.writing import size_on_disk

PROBE = 16
FORMS = (".keras", "SavedModel", ".tflite", "packed")


@dataclasses.dataclass(frozen=True)
class WrittenFile:
    """A file, or a folder, that was written; or why it could not be.

    Args:
        path: Where it is.
        max_error: Greatest difference of its outputs from the model's; of an archive,
            of its weights; None of a `.keras` file, which is not run.
        failure: Why there is none, or `""`.
    """

    path: pathlib.Path
    max_error: float | None = None
    failure: str = ""

    @property
    def bytes(self) -> int | None:
        """Its size on disk; of a folder, that of all its files."""
        return None if self.failure else size_on_disk(self.path)

    def accuracy(self, data) -> float | None:
        """The share of right answers of a `.tflite` file; None where it is unknown."""
        single = data is not None and isinstance(data[0], np.ndarray)
        if self.failure or not single or self.path.suffix != ".tflite":
            return None
        return TFLiteModel(self.path).evaluate(*data)


def write(model, folder, forms=FORMS, *, x=None, tflite=None) -> dict:
    """Returns a `WrittenFile` for each of `forms`, which lie in `folder` then.

    Args:
        model: A built model.
        folder: An existing folder.
        forms: Which of `FORMS`.
        x: Inputs, on some of which files are compared with the model; or None.
        tflite: Mapping of arguments of `to_tflite`, or None.
    """
    folder = pathlib.Path(folder)
    probe = None
    if x is not None:
        probe = keras.tree.map_structure(lambda part: np.asarray(part)[:PROBE], x)
    archive = folder / "model.tfc"
    packed = functools.cache(lambda: pack(model, archive))

    def keras_file(path):
        saved = model
        if model.compiled:  # by way of the archive, which leaves the optimizer out
            packed()
            saved = unpack(archive)
        saved.save(path)

    makers = {
        ".keras": ("model.keras", keras_file),  # hands nothing back
        "SavedModel": ("saved", lambda to: to_saved_model(model, to, probe=probe)),
        ".tflite": (
            "model.tflite",
            lambda to: to_tflite(model, to, **{"probe": probe, **(tflite or {})}),
        ),
        "packed": (archive.name, lambda to: packed()),
    }
    return {form: _written(folder / makers[form][0], makers[form][1]) for form in forms}


def _written(path, make):
    try:
        made = make(path)
    except (NotImplementedError, ValueError) as error:
        return WrittenFile(path, failure=" ".join(str(error).split()))
    return WrittenFile(path, made and made.max_error)
