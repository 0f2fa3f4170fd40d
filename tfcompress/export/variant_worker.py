"""The process that makes and tries variants of a file, and may crash without harm."""

import json
import pathlib
import pickle

from tfcompress.export.export_error import ExportError

MARK = "tfcompress: "  # the converter writes lines too
REQUEST = "request.pickle"
READY = {"ready": True}


def attempt(conversion, sparse: bool) -> dict | None:
    """Returns what comes of one variant; None if there is nothing to try.

    Args:
        conversion: The `Conversion`.
        sparse: Whether zeros are left out. The file with them was tried before.
    """
    try:
        if sparse:
            if not conversion.has_zeros():
                return None
            fault = conversion.sparse_fault()
            if fault:
                return {"fault": f"`sparse=True` {fault}"}
        made = conversion.make(sparse)
    except ExportError as error:
        return {"fault": str(error)}
    return {
        "path": str(made.path),
        "bytes": made.bytes,
        "max_error": made.max_error,
        "accuracy": made.accuracy,
        "notes": made.notes,
    }


def main(folder) -> None:
    """Tries the variants that the request in `folder` lists; prints what came of each."""
    # No pickle of a stranger: the parent wrote it into a folder of its own just now.
    with (pathlib.Path(folder) / REQUEST).open("rb") as file:
        request = pickle.load(file)
    _say(READY)
    for conversion, sparse in request:
        _say(attempt(conversion, sparse))


def _say(outcome) -> None:
    print(MARK + json.dumps(outcome), flush=True)
