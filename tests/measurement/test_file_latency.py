import dataclasses
import importlib
import pathlib

import pytest

from tfcompress.measurement.file_latency import FileLatency
from tfcompress.measurement.written_file import WrittenFile
from tfcompress.runtime.compare_latency import Latency

module = importlib.import_module("tfcompress.measurement.file_latency")
OURS = WrittenFile(pathlib.Path("ours"))
THEIRS = WrittenFile(pathlib.Path("theirs"))
FAILED = WrittenFile(pathlib.Path("none"), failure="cannot be.")


@pytest.fixture
def timed(monkeypatch):
    """LiteRT, if it always took as long: 8 us for the baseline, 2 us for the model."""

    def compare(paths, rounds):
        times = {name: 8.0 if name == "baseline" else 2.0 for name in paths}
        assert rounds == 5
        ratios = dict.fromkeys(paths, 0.25)
        return Latency(times, ratios, dict.fromkeys(paths, (0.2, 0.3)))

    monkeypatch.setattr(module, "compare_latency", compare)


@pytest.mark.usefixtures("timed")
def test_ratio_is_that_of_the_turns():
    latency = FileLatency.of(OURS, THEIRS, rounds=5)
    assert latency == FileLatency(2.0, 8.0, 0.25, (0.2, 0.3), 5)
    assert latency.grids()[0].rows == [
        ["model", "2.0", "0.25"],
        ["baseline", "8.0", "1.00"],
    ]
    line = "Latency: 0.25 of the baseline's (95 % interval 0.20 to 0.30)."
    assert latency.remarks()[0] == line
    assert latency.figure() is not None


@pytest.mark.usefixtures("timed")
def test_without_a_baseline_there_is_a_time_and_no_ratio():
    latency = FileLatency.of(OURS, rounds=5)
    assert dataclasses.asdict(latency)["microseconds"] == 2.0
    assert latency.ratio is latency.interval is latency.figure() is None
    assert latency.scalars() == {"microseconds": 2.0}


@pytest.mark.parametrize(
    ("ours", "theirs", "whose"), [(FAILED, THEIRS, "model"), (OURS, FAILED, "baseline")]
)
def test_without_a_file_there_is_a_reason(ours, theirs, whose):
    latency = FileLatency.of(ours, theirs)
    expected = f"There is no time: no file of the {whose}: cannot be."
    assert latency.remarks() == [expected]
    assert latency.grids() == []
    assert latency.scalars() == {}
