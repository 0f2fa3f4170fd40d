"""Where a disk is full, an error says so, and the file that was there is still whole."""

import contextlib
import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

import tfcompress as tfc

resource = pytest.importorskip("resource", reason="Windows has no such limit")
ROOM = 10_000


@contextlib.contextmanager
def full_disk():
    """Refuses what makes a file of this process larger than `ROOM` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(scope="module")
def model():
    return keras.Sequential([keras.Input((90,)), keras.layers.Dense(90)])


def many_masks():
    kept = np.random.default_rng(0).integers(0, 2, (500, 500)) > 0
    return tfc.Masks({"kernel": kept})


WRITERS = {
    "m.tflite": lambda model, path: tfc.export.to_tflite(model, path),
    "saved": lambda model, path: tfc.export.to_saved_model(model, path),
    "masks.npz": lambda model, path: many_masks().save(path),
    "report.png": lambda model, path: tfc.report(model).plot(path),
    "report.html": lambda model, path: tfc.report(model).to_html(path),
}
# After a failed write HDF5 may crash its process when a later file is closed.
IN_A_CHILD = """
import os, pathlib, sys
import keras
import tfcompress as tfc
from test_full_disk import full_disk
from tfcompress.export.unpack import unpack_to_file

path, archive = map(pathlib.Path, sys.argv[1:])
model = keras.Sequential([keras.Input((90,)), keras.layers.Dense(90)])
if path.suffix == ".keras":
    tfc.export.pack(model, archive)
try:
    with full_disk():
        if path.suffix == ".keras":
            unpack_to_file(archive, path)
        else:
            tfc.export.pack(model, path)
except OSError as error:
    print(error, flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("name", WRITERS)
def test_what_was_there_stays_and_nothing_is_added(name, model, tmp_path):
    path = old = tmp_path / name
    if name == "saved":
        path.mkdir()
        old = path / "saved_model.pb"
    old.write_bytes(b"before")

    with full_disk(), pytest.raises((OSError, tf.errors.OpError), match="too large"):
        WRITERS[name](model, path)

    assert old.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["m.tfc", "m.keras"])
def test_archives_find_no_room(name, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    path = folder / name
    path.write_bytes(b"before")
    command = [sys.executable, "-c", IN_A_CHILD, str(path), str(tmp_path / "a.tfc")]
    tests = pathlib.Path(__file__).parent

    run = subprocess.run(command, cwd=tests, capture_output=True, text=True)

    assert "too large" in run.stdout, run.stderr
    assert path.read_bytes() == b"before"
    assert list(folder.iterdir()) == [path]


def test_logits_that_find_no_room_leave_no_file(model, tmp_path, rng):
    x = rng.normal(size=(100, 90)).astype("float32")

    with full_disk(), pytest.raises(OSError, match="too large"):
        tfc.datasets.with_teacher((x, x), model, cache=tmp_path / "logits.npz")

    assert not list(tmp_path.iterdir())
