import pathlib

from tfcompress.methods.units import Units
from tfcompress.tuner.compression import Compression
from tfcompress.tuner.trial import Trial

MADE = Compression({"a": (Units(), 0.5)})


def test_what_was_written_is_read(tmp_path):
    trial = Trial(tmp_path, MADE, 1200, 30, None, 0.5, 0.5, True)
    assert Trial.read(tmp_path) is None  # not done yet
    trial.write()
    assert Trial.read(tmp_path) == trial


def test_the_model_before_has_no_compression(tmp_path):
    Trial(tmp_path, None, 1200, None, None, 0.5, 0.5, True).write()
    assert str(Trial.read(tmp_path)) == "50.00 %, 1,200 bytes: before"


def test_figures_are_those_that_were_measured():
    trial = Trial(pathlib.Path("x"), MADE, 1200, 30, None, 0.5)
    assert trial.figures == {"bytes": 1200, "macs": 30, "accuracy": 0.5}
    assert str(trial) == "50.00 %, 1,200 bytes, 30 MACs: a: Units 0.5; dynamic"


def test_a_failed_one_says_why():
    trial = Trial(pathlib.Path("x"), MADE, fault="no rank pays")
    assert str(trial) == "a: Units 0.5; dynamic: failed: no rank pays"
