"""Where a disk is full, an error says so, and the file that was there is still whole."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf

import tfcompress as tfc
from tfcompress.export.unpack import unpack_to_file

resource = pytest.importorskip("resource", reason="Windows has no such limit")
ROOM = 20_000


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


@pytest.fixture(scope="module")
def archive(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("archive") / "model.tfc"
    tfc.export.pack(model, path)
    return path


def many_masks():
    kept = np.random.default_rng(0).integers(0, 2, (500, 500)) > 0
    return tfc.Masks({"kernel": kept})


WRITERS = {
    "m.tfc": lambda model, path, archive: tfc.export.pack(model, path),
    "m.keras": lambda model, path, archive: unpack_to_file(archive, path),
    "m.tflite": lambda model, path, archive: tfc.export.to_tflite(model, path),
    "saved": lambda model, path, archive: tfc.export.to_saved_model(model, path),
    "masks.npz": lambda model, path, archive: many_masks().save(path),
    "report.png": lambda model, path, archive: tfc.report(model).plot(path),
    "report.html": lambda model, path, archive: tfc.report(model).to_html(path),
}


# What h5py cannot write it tries again when its objects are thrown away.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", WRITERS)
def test_what_was_there_stays_and_nothing_is_added(name, model, archive, tmp_path):
    path = old = tmp_path / name
    if name == "saved":
        path.mkdir()
        old = path / "saved_model.pb"
    old.write_bytes(b"before")

    with full_disk(), pytest.raises((OSError, tf.errors.OpError), match="too large"):
        WRITERS[name](model, path, archive)

    assert old.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_logits_that_find_no_room_leave_no_file(model, tmp_path, rng):
    x = rng.normal(size=(100, 90)).astype("float32")

    with full_disk(), pytest.raises(OSError, match="too large"):
        tfc.datasets.with_teacher((x, x), model, cache=tmp_path / "logits.npz")

    assert not list(tmp_path.iterdir())
