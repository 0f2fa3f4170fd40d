"""A conversion in a process of its own, that may crash without harm."""

import json
import subprocess
import sys

import numpy as np

from tfcompress.child_ending import ending
from tfcompress.export import converter


class ConverterCrash(RuntimeError):
    """The process that converted was ended by the system, not by an error."""


def convert_in_child(folder, saved_model, path, *, samples=None, **options):
    """Does what `converter.convert` does, in a child process.

    TensorFlow is loaded again there, which takes some seconds.

    Args:
        folder: An existing folder for what the child is told.
        saved_model: Folder of the SavedModel.
        path: File to write.
        samples: Examples by input name, for the formats that need them.
        **options: The others of `converter.convert`.

    Raises:
        ConverterCrash: The child was killed, by a fault of the converter.
        RuntimeError: The conversion failed; the message is the end of the child's.
    """
    request = {"saved_model": str(saved_model), "path": str(path), **options}
    (folder / "request.json").write_text(json.dumps(request))
    np.savez(folder / "samples.npz", **(samples or {}))
    command = [sys.executable, converter.__file__, str(folder)]
    child = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if child.returncode < 0:
        raise ConverterCrash(ending(child.returncode))
    if child.returncode:
        raise RuntimeError(child.stderr[-2000:])
