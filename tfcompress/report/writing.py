"""Files that are whole or not there."""

import contextlib
import os
import pathlib
import tempfile


@contextlib.contextmanager
def whole_file(path):
    """Yields a path beside `path`, and renames it to `path` when all went well.

    After an error nothing is left, and a file that was there before is untouched.

    Raises:
        OSError: The folder is missing or cannot be written to.
    """
    path = pathlib.Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder: give the name of a file.")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"There is no folder {path.parent}: create it first.")
    # In a folder of its own beside it: the ending of the name stays, since writers
    # choose the format by it, and a rename within a file system is all or nothing.
    with tempfile.TemporaryDirectory(prefix=".", dir=path.parent) as folder:
        draft = pathlib.Path(folder, path.name)
        yield draft
        os.replace(draft, path)


def write_text(path, text: str) -> pathlib.Path:
    """Writes `text` to `path`, whole or not at all; returns the path."""
    with whole_file(path) as draft:
        draft.write_text(text, encoding="utf-8")
    return pathlib.Path(path)
