"""Variants of a file, tried in a child process that may crash or hang without harm."""

import contextlib
import json
import os
import pathlib
import pickle
import queue
import signal
import subprocess
import sys
import threading

from tfcompress.child_ending import ending
from tfcompress.export import variant_worker
from tfcompress.export.variant_worker import MARK, READY, REQUEST

# TensorFlow has to be loaded, from a disk that may be slow.
PATIENCE = 300.0
POSIX = os.name == "posix"


def attempts(folder: pathlib.Path, steps, time_limit: float) -> list[dict | None]:
    """Returns what `variant_worker.attempt` says of each step, in a child process.

    When a step ends the process, or takes too long, a new one goes on after it.

    Args:
        folder: An existing folder for what the child is told.
        steps: Pairs of a conversion and whether zeros are left out.
        time_limit: Seconds for each step.

    Raises:
        RuntimeError: The child does not even start.
    """
    outcomes = []
    while len(outcomes) < len(steps):
        outcomes += _by_one_child(folder, steps[len(outcomes) :], time_limit)
    return outcomes


def _by_one_child(folder, steps, time_limit):
    """Returns the outcomes up to the step that the child did not survive."""
    with (folder / REQUEST).open("wb") as file:
        pickle.dump(list(steps), file)
    said = folder / "said.txt"
    with said.open("w") as errors, _child(folder, errors) as child:
        lines = _lines(child)
        try:
            ready = _next(lines, PATIENCE)
        except (EOFError, TimeoutError):
            ready = None
        if ready != READY:
            tail = said.read_text(errors="replace")[-2000:]
            raise RuntimeError(
                f"The process that tries variants does not start: {tail}"
            )
        outcomes = []
        for _ in steps:
            try:
                outcomes.append(_next(lines, time_limit))
            except TimeoutError:
                fault = f"took longer than {time_limit:g} seconds"
                return [*outcomes, {"fault": fault}]
            except EOFError:
                return [
                    *outcomes,
                    {"fault": f"ends the process: {ending(child.wait())}"},
                ]
        return outcomes


@contextlib.contextmanager
def _child(folder, errors):
    worker = variant_worker.__name__
    code = f"import sys; from {worker} import main; main(sys.argv[1])"
    # The child finds what we found, and leaves the accelerators to us.
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    environment = {**os.environ, "PYTHONPATH": path, "CUDA_VISIBLE_DEVICES": "-1"}
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        errors="replace",
        env=environment,
        start_new_session=POSIX,  # so that what it started ends with it
    )
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            if POSIX:
                os.killpg(child.pid, signal.SIGKILL)
            else:
                child.kill()
        child.wait()
        child.stdout.close()


def _lines(child):
    """Returns a queue of what the child says; a None is its end."""
    lines = queue.Queue()

    def read():
        with contextlib.suppress(ValueError):  # closed, since we gave it up
            for line in child.stdout:
                if line.startswith(MARK):
                    lines.put(line.removeprefix(MARK))
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _next(lines, seconds):
    try:
        line = lines.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if line is None:
        raise EOFError
    return json.loads(line)
