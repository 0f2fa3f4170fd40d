import importlib

import numpy as np
import pytest

from tfcompress.runtime.compare_latency import Latency, compare_latency
from tfcompress.runtime.tflite_model import TFLiteModel

# The package has a function of the same name.
module = importlib.import_module("tfcompress.runtime.compare_latency")


def test_ratios_are_to_the_first(double, monkeypatch):
    def times(calls, rounds):
        for call in calls:
            call()
        return np.array([[4.0, 1.0], [4.0, 2.0], [8.0, 1.0]][:rounds])

    monkeypatch.setattr(module, "interleaved_times", times)
    latency = compare_latency({"path": double, "open": TFLiteModel(double)}, rounds=3)

    assert latency.microseconds == {"path": 4, "open": 1}
    assert latency.ratios == {"path": 1, "open": 0.25}
    assert latency.intervals["path"] == (1, 1)
    low, high = latency.intervals["open"]
    assert low <= 0.25 <= high


def test_it_prints_a_line_for_each_file():
    ratios, intervals = (
        {"float": 1.0, "int8": 0.25},
        {"float": (1, 1), "int8": (0.2, 1)},
    )
    latency = Latency({"float": 10.0, "int8": 2.5}, ratios, intervals)
    head, *rows = str(latency).splitlines()
    assert " ".join(head.split()) == "time in times of 'float', 95 % interval"
    assert [line.split() for line in rows] == [
        ["float", "10.0", "us", "1.00", "(1.00", "to", "1.00)"],
        ["int8", "2.5", "us", "0.25", "(0.20", "to", "1.00)"],
    ]


def test_no_files_are_refused():
    with pytest.raises(ValueError, match="`models` must name at least one file"):
        compare_latency({})


def test_a_list_of_files_is_refused(double):
    with pytest.raises(TypeError, match="`models` must be a mapping of names to files"):
        compare_latency([double])


def test_rounds_is_checked(double):
    with pytest.raises(ValueError, match="`rounds` must be a positive integer"):
        compare_latency({"a": double}, rounds=0)


def test_batch_size_is_checked(double):
    with pytest.raises(ValueError, match="`batch_size` must be a positive integer"):
        compare_latency({"a": double}, batch_size=-1)
