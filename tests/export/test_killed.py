"""An export that is killed leaves the old file, or the new one, and no part of either."""

import os
import subprocess
import sys

import pytest

from tfcompress.export.unpack import unpack
from tfcompress.runtime.tflite_model import TFLiteModel

# Kills itself where it is told to, by a signal that no program can catch.
PROGRAM = """
import os, signal, sys
import keras
from tfcompress.export.pack import pack
from tfcompress.export.tflite import to_tflite

path, write, when = sys.argv[1:]
kill = lambda: os.kill(os.getpid(), signal.SIGKILL)

rename = os.replace

def killed(*paths):
    if when == "after it is named":
        rename(*paths)
    kill()

os.replace = killed
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
globals()[write](model, path)
"""
READERS = {"to_tflite": ("m.tflite", TFLiteModel), "pack": ("m.tfc", unpack)}


@pytest.mark.parametrize("write", READERS)
@pytest.mark.parametrize(
    ("when", "new"),
    [("before it is named", False), ("after it is named", True)],
)
def test_killed(tmp_path, write, when, new):
    name, read = READERS[write]
    path = tmp_path / name
    path.write_bytes(b"old")
    command = [sys.executable, "-c", PROGRAM, str(path), write, when]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = subprocess.run(command, capture_output=True, env=environment)
    assert child.returncode == -9, child.stderr.decode()
    if new:
        assert read(path).outputs
    else:
        assert path.read_bytes() == b"old"
