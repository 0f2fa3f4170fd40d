"""The error stream of the process, in a file."""

import contextlib
import os
import sys


@contextlib.contextmanager
def errors_to(path):
    """Sends all that is written to the error stream to `path`, while it lasts.

    The stream itself and not `sys.stderr`: TensorFlow's converter writes to it from
    C++, hundreds of lines, in the middle of whatever is shown.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with open(path, "w") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)
