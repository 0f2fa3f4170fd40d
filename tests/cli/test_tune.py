import json

import pytest
from typer.testing import CliRunner

from tfcompress.cli.main import app
from tfcompress.cli.tune import bytes_of

SHORT = ["--data", "data.npz", "--trials", "1", "--epochs", "1", "--batch-size", "8"]


def run(*arguments):
    return CliRunner().invoke(app, ["tune", "model.keras", "new.tflite", *arguments])


def test_file_is_that_of_the_best_trial_and_within_the_budget(files):
    result = run("--budget", "1MB", *SHORT, "--json")
    assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    best = content["trials"][content["best"]]
    assert content["met"]
    assert best["bytes"] == (files / "new.tflite").stat().st_size
    assert (files / "new" / content["best"] / "model.tflite").exists()


def test_budget_that_is_not_met_writes_no_file_and_says_so(files):
    result = run("--budget", "100", *SHORT)
    assert result.exit_code == 1
    assert "The budget is not met." in result.stdout
    assert "Nearest" in result.stdout
    assert not (files / "new.tflite").exists()


@pytest.mark.parametrize(
    ("size", "count"),
    [("50KB", 50_000), ("1.5MB", 1_500_000), ("20KiB", 20_480), ("9000", 9000)],
)
def test_sizes_have_units(size, count):
    assert bytes_of(size) == count


@pytest.mark.parametrize("size", ["50kb", "KB", "-3", "1e3", ""])
def test_other_sizes_are_refused(size):
    with pytest.raises(ValueError, match="`budget` must be a number of bytes"):
        bytes_of(size)
