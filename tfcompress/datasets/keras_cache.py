"""Files of data that a user puts beside those that Keras downloads."""

import os
import pathlib

from tfcompress.array_file import read_arrays


def cached_file(file: str, *, holds: str, source: str) -> pathlib.Path:
    """Returns the path of `file` in `$KERAS_HOME/datasets`, `~/.keras` if unset.

    Nothing is downloaded: there is no stable address that these files could come from.

    Args:
        file: Name of the file.
        holds: What the file must hold, for the message when it is missing.
        source: Where its contents come from, for the same message.

    Raises:
        FileNotFoundError: There is no such file.
    """
    home = pathlib.Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
    path = home / "datasets" / file
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} does not exist. It must hold {holds}. Source: {source}. How to "
            "make it is written in docs/datasets.md; the data set 'digits' needs no file."
        )
    return path


def cached_arrays(file: str, arrays: dict[str, str], *, source: str) -> dict:
    """Returns the named arrays of an `.npz` file of `$KERAS_HOME/datasets`.

    Args:
        file: Name of the file.
        arrays: The name of each array, and its shape and type in words.
        source: Where they come from, for the message when the file is missing.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is not whole, or lacks one of the arrays.
    """
    holds = "the arrays " + ", ".join(
        f"`{name}` {what}" for name, what in arrays.items()
    )
    path = cached_file(file, holds=holds, source=source)
    try:
        found = read_arrays(path)
    except ValueError as cause:  # a copy that was cut off, as likely as not
        again = f"Remove it and copy it again. Source: {source}."
        raise ValueError(f"{cause}. It must hold {holds}. {again}") from cause
    missing = [name for name in arrays if name not in found]
    if missing:
        raise ValueError(f"{path} lacks `{missing[0]}`. It must hold {holds}.")
    return {name: found[name] for name in arrays}
