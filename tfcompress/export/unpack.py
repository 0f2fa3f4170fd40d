"""The model in an archive."""

import contextlib
import pathlib
import tempfile
from collections.abc import Mapping

import keras

from tfcompress import _checks
from tfcompress.export.keras_file import Folder
from tfcompress.packing.archive import ArchiveReader
from tfcompress.packing.archive_error import ArchiveError
from tfcompress.without_memory import without_memory
from tfcompress.writing import file_target, whole_file

MOST = 1 << 32


def unpack(path, *, custom_objects=None, safe_mode=True, max_bytes=MOST) -> keras.Model:
    """Returns the model in an archive that `pack` wrote. It is not compiled.

    Archives of strangers are safe to open as far as this goes: nothing in them is
    code, everything is checked by checksums, and no more memory is taken than twice
    what the archive says it holds, which `max_bytes` bounds. With `safe_mode`, Keras
    refuses layers that hold code, and the model is first made without its variables,
    so that one whose weights are not in the archive takes no memory. What a class of
    yours does when it is made is not looked into.

    Args:
        path: The archive.
        custom_objects: Mapping of names to classes or functions of the model that are
            not registered.
        safe_mode: If False, `Lambda` layers are allowed, and layers that make variables
            in ways that cannot be checked. Only for archives that you trust.
        max_bytes: The most that the archive may hold, once unpacked.

    Raises:
        TypeError: `path` is not a path.
        ValueError: There is no such file, or the model in it cannot be made.
        ArchiveError: The file is no archive, is damaged, or holds more than `max_bytes`.
            A ValueError too.
    """
    _checks.boolean("safe_mode", safe_mode)
    custom_objects = _named(custom_objects)
    with _unpacked(path, max_bytes) as folder:
        if safe_mode:
            # What is registered in this thread alone, the other one would not know.
            known = {**keras.saving.get_custom_objects(), **custom_objects}
            without_memory(lambda: _load(folder, known, True))
        return _load(folder, custom_objects, safe_mode)


def unpack_to_file(path, to, *, max_bytes=MOST) -> pathlib.Path:
    """Writes the model in an archive as a `.keras` file; no model is made for it."""
    to = file_target(to, ".keras", name="to")
    with _unpacked(path, max_bytes) as folder, whole_file(to) as draft:
        folder.to_file(draft)
    return to


@contextlib.contextmanager
def _unpacked(path, max_bytes):
    """Yields a `Folder` with what is in the archive."""
    path = _checks.existing_file("path", path)
    max_bytes = _checks.integer("max_bytes", max_bytes)
    with tempfile.TemporaryDirectory(prefix="tfcompress") as name, path.open("rb") as f:
        try:
            reader = ArchiveReader(f, max_bytes)
            folder = Folder(pathlib.Path(name), reader.contents)
            with folder.weights() as add:
                for tensor, array in reader.tensors():
                    add(tensor, array)
            for file, data in reader.files():
                folder.add_file(file, data)
        except ArchiveError as error:
            raise ArchiveError(f"`path` {path}: {error}.") from error
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            # Of HDF5, about names and types that it does not take.
            fault = f"`path` {path}: its weights are none: {error}."
            raise ArchiveError(fault) from error
        yield folder


def _named(custom_objects) -> dict:
    what = "a mapping of names to classes or functions"
    given = {} if custom_objects is None else custom_objects
    _checks.instance("custom_objects", given, Mapping, what)
    for name, thing in given.items():
        if not isinstance(name, str) or not callable(thing):
            rule = f"be {what}"
            raise _checks.error("custom_objects", rule, {name: thing}, kind=TypeError)
    return dict(given)


def _load(folder, custom_objects, safe_mode):
    try:
        return folder.load(custom_objects, safe_mode)
    except Exception as error:  # of many kinds, and some run over many lines
        reason = " ".join(str(error).split())[:500]
        remedy = (
            "Import the package of its classes or give them as `custom_objects`. If you "
            "trust the archive, `safe_mode=False` allows more."
        )
        raise ValueError(
            f"Keras cannot make the model in the archive. {remedy} It says: {reason}"
        ) from error
