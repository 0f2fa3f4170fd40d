"""Legacy Keras in a process of its own, so that nothing changes in this one."""

import contextlib
import importlib.util
import json
import os
import pathlib
import queue
import signal
import subprocess
import sys
import tempfile
import threading

import numpy as np

from tfcompress import _checks
from tfcompress.array_file import read_arrays
from tfcompress.child_ending import ending
from tfcompress.interop.graph import to_json

PACKAGE = "tfcompress.interop.legacy"
MARK = "tfcompress: "  # TensorFlow writes lines too
READY = "ready"
POSIX = os.name == "posix"


class LegacyKeras:
    """A child process with `tf_keras` and tensorflow-model-optimization.

    Importing these changes the whole process: `TF_USE_LEGACY_KERAS` is set, and
    `tf.keras` may become another Keras. So they are imported in a child, which takes
    some seconds to start; models, weights and data go there and back as files. The
    child has one model at a time, and leaves the accelerators to us.

    Args:
        time_limit: Seconds for each thing that it is asked, its start among them.

    Raises:
        ValueError: If `tf_keras` is not installed, if the child refuses what it is
            asked, ends, or takes longer than `time_limit`.
    """

    def __init__(self, time_limit: float):
        self.time_limit = _checks.number("time_limit", time_limit, low=0, open_low=True)
        if importlib.util.find_spec("tf_keras") is None:
            raise ValueError(
                "Legacy Keras is not installed: `pip install tf_keras "
                "tensorflow-model-optimization`."
            )

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            self.folder = pathlib.Path(folder)
            self._child = stack.enter_context(Child(self.time_limit))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error):
        self._stack.close()

    def build(self, graph, arrays) -> None:
        """Builds the model of `graph`, with the weights `arrays` by path and number."""
        (self.folder / "graph.json").write_text(to_json(graph))
        self._write("weights", arrays)
        self.do("build")

    def predict(self, batch) -> list[np.ndarray]:
        """Returns the outputs for `batch`, arrays in the order of the inputs."""
        self._write("inputs", {str(i): array for i, array in enumerate(batch)})
        self.do("predict")
        outputs = self.read("outputs")
        return [outputs[str(i)] for i in range(len(outputs))]

    def train(self, job: str, x, y, **options) -> None:
        """Trains the model as `job` says, on a list `x` of inputs and on targets `y`."""
        self._write("data", {"y": y} | {str(i): one for i, one in enumerate(x)})
        self.do(job, **options)

    def do(self, job: str, **options):
        """Returns what the child answers when it is asked to do `job`."""
        request = {"job": job, "folder": str(self.folder), **options}
        answer = self._child.ask(request, self.time_limit)
        if "fault" in answer:
            raise ValueError(answer["fault"])
        return answer["done"]

    def read(self, name: str) -> dict[str, np.ndarray]:
        """Returns the arrays in a file that the child wrote."""
        return read_arrays(self.folder / f"{name}.npz")

    def _write(self, name, arrays):
        np.savez(self.folder / f"{name}.npz", **arrays)


class Child:
    """The child process: it is asked by a line, and answers by a line."""

    def __init__(self, time_limit: float):
        self._folder = tempfile.TemporaryDirectory()
        self._said = pathlib.Path(self._folder.name, "said.txt")
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        changed = {
            "CUDA_VISIBLE_DEVICES": "-1",
            "KERAS_BACKEND": "tensorflow",
            "PYTHONPATH": path,
            "TF_USE_LEGACY_KERAS": "1",
        }
        with self._said.open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", PACKAGE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                errors="replace",
                env={"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ, **changed},
                start_new_session=POSIX,  # so that what it started ends with it
            )
        self._lines = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self._next(time_limit)
        except BaseException:
            self.end()
            raise

    def ask(self, request: dict, time_limit: float) -> dict:
        """Returns the answer to `request`."""
        with contextlib.suppress(BrokenPipeError):  # `_next` says how it ended
            print(json.dumps(request), file=self._process.stdin, flush=True)
        return self._next(time_limit)

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            if POSIX:
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
        self._folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.end()

    def _next(self, time_limit):
        try:
            line = self._lines.get(timeout=time_limit)
        except queue.Empty:
            rule = "be long enough for legacy Keras"
            raise _checks.error("time_limit", rule, time_limit) from None
        if line is None:
            how = ending(self._process.wait())
            said = self._said.read_text(errors="replace").strip()
            last = said.rpartition("\n")[2][:300] or "it said nothing"
            raise ValueError(f"The process of legacy Keras was {how}: {last}")
        return json.loads(line)

    def _listen(self):
        with contextlib.suppress(ValueError):  # closed, since we gave it up
            for line in self._process.stdout:
                if line.startswith(MARK):
                    self._lines.put(line.removeprefix(MARK))
        self._lines.put(None)
