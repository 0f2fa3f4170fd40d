"""What a TFLite file says about itself, in an archive after its end.

A TFLite file is read by offsets from its beginning, so that bytes after its end do no
harm; files have been packed there since TFLite first had metadata. `unzip` finds them.
"""

import json
import pathlib
import zipfile

from tfcompress import _checks

NAME = "metadata.json"
LABELS = "labels.txt"
MOST = 1 << 24  # bytes: no file may ask for all the memory


def append_metadata(path, metadata: dict) -> None:
    """Writes `metadata` after the end of the TFLite file `path`, which has none yet.

    Labels are a text file of their own too, a line for each, where other tools look.

    Args:
        path: The file.
        metadata: What `json` can write; `labels`, if there, is a list of strings.
    """
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry(NAME), json.dumps(metadata))
        if "labels" in metadata:
            archive.writestr(_entry(LABELS), "\n".join(metadata["labels"]) + "\n")


def read_metadata(path) -> dict:
    """Returns the metadata of a TFLite file; empty if it has none.

    Raises:
        ValueError: They are damaged, or larger than 16 MiB.
    """
    path = pathlib.Path(path)
    if not zipfile.is_zipfile(path):
        return {}
    try:
        with zipfile.ZipFile(path) as archive:
            if NAME not in archive.namelist():
                return {}
            with archive.open(NAME) as file:
                content = file.read(MOST + 1)
        if len(content) > MOST:
            raise ValueError(f"they are larger than {MOST:,} bytes")
        found = json.loads(content)
    except (ValueError, OSError, zipfile.BadZipFile, NotImplementedError) as error:
        rule = f"have metadata that can be read. Those of this file cannot: {error}."
        raise _checks.error("path", rule, str(path)) from error
    if not isinstance(found, dict):
        raise _checks.error("path", "have metadata that are a mapping", str(path))
    return found


def _entry(name):
    # Without the time of writing, so that a model gives the same file every time.
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
