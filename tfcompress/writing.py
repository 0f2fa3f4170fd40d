"""Files that are whole or not there: the place is checked first, and taken last."""

import contextlib
import os
import pathlib
import tempfile

from tfcompress import _checks


@contextlib.contextmanager
def whole_file(path):
    """Yields a path beside `path`, and renames it to `path` when all went well.

    After an error nothing is left, and a file that was there before is untouched. The
    ending of the name stays, since writers choose the format by it.

    Raises:
        ValueError: It is a folder, read-only, or it lies in no folder.
    """
    path = file_target(path)
    with workshop(path) as folder:
        draft = folder / path.name
        yield draft
        replace(path, draft)


def write_text(path, text: str) -> pathlib.Path:
    """Writes `text` to `path`, whole or not at all; returns the path."""
    with whole_file(path) as draft:
        draft.write_text(text, encoding="utf-8")
    return pathlib.Path(path)


def file_target(path, suffix: str | None = None, *, name: str = "path") -> pathlib.Path:
    """Returns `path`, if a file may be written there, with this `suffix` if any.

    `name` is what the user calls it.

    Raises:
        TypeError: It is not a path.
        ValueError: Its suffix is another, it is a folder or read-only, or it lies in
            no folder.
    """
    path = _in_a_folder(path, name)
    if suffix is not None and path.suffix != suffix:
        raise _checks.error(name, f"end in {suffix!r}", str(path))
    if path.is_dir():
        raise _checks.error(name, "name a file; this is a folder", str(path))
    return _writable(path, name)


def picture_target(path) -> pathlib.Path:
    """Returns `path`, if a picture may be written there: its ending tells the format.

    It is asked before the picture is drawn, which takes a while.

    Raises:
        TypeError: It is not a path.
        ValueError: As `file_target` does, or its ending is that of no picture.
    """
    from matplotlib.backend_bases import FigureCanvasBase

    path = file_target(path)
    endings = [f".{ending}" for ending in FigureCanvasBase.get_supported_filetypes()]
    if path.suffix.lower() not in endings:
        rule = f"end in one of {', '.join(endings)}"
        raise _checks.error("path", rule, str(path))
    return path


def folder_target(path) -> pathlib.Path:
    """Returns `path`, if a SavedModel may be written there.

    A folder that holds something else is refused: replacing it would delete that.

    Raises:
        TypeError: It is not a path.
        ValueError: It is a file, a folder with other contents or read-only, or it
            lies in no folder.
    """
    path = _in_a_folder(path, "path")
    if path.is_file():
        raise _checks.error("path", "name a folder; this is a file", str(path))
    if path.is_dir() and any(path.iterdir()) and not (path / "saved_model.pb").exists():
        rule = "be a new folder, an empty one, or one that holds a SavedModel"
        raise _checks.error("path", rule, str(path))
    return _writable(path, "path")


def folder_path(name: str, path) -> pathlib.Path:
    """Returns `path`, if it is a folder, or one may be made there with its parents.

    Raises:
        TypeError: It is not a path.
        ValueError: It is a file, lies below one, or is read-only.
    """
    path = _checks.path(name, path)
    there = next(one for one in (path, *path.absolute().parents) if one.exists())
    if not there.is_dir():
        rule = f"be a folder, and {str(there)!r} is a file"
        raise _checks.error(name, rule, str(path))
    _writable(there, name)
    return path


@contextlib.contextmanager
def workshop(path: pathlib.Path):
    """Yields an empty folder beside `path` that is gone afterwards, come what may.

    It lies beside it because a rename within one file system is all or nothing.
    """
    try:
        folder = tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        rule = f"lie in a folder that can be written to ({error.strerror})"
        raise _checks.error("path", rule, str(path)) from error
    with folder as name:
        yield pathlib.Path(name)


def replace(path: pathlib.Path, made: pathlib.Path) -> None:
    """Gives `made`, a file or a folder, the name `path`, whatever was there before."""
    if not path.is_dir():
        os.replace(made, path)
        return
    # A folder cannot be renamed onto one that is not empty, so the old one steps aside.
    old = made.with_name("old")
    os.rename(path, old)
    try:
        os.rename(made, path)
    except OSError:
        os.rename(old, path)
        raise


def size_on_disk(path) -> int:
    """Returns the bytes of the file at `path`; of a folder, those of all its files."""
    path = pathlib.Path(path)
    parts = path.rglob("*") if path.is_dir() else [path]
    return sum(part.stat().st_size for part in parts if part.is_file())


def _in_a_folder(path, name) -> pathlib.Path:
    path = _checks.path(name, path)
    if not path.parent.is_dir():
        remedy = f"There is no folder {str(path.parent)!r}; create it first."
        raise _checks.error(name, "lie in a folder", str(path), remedy=remedy)
    return path


def _writable(path, name):
    # By its mode: `os.access` says yes to the administrator whatever the mode.
    if path.exists() and not path.stat().st_mode & 0o222:
        remedy = "Give another path, or allow writing to this one."
        raise _checks.error(name, "not be read-only", str(path), remedy=remedy)
    return path
