import keras
import pytest
from typer.testing import CliRunner

from tfcompress.cli.main import app


def run(*arguments):
    return CliRunner().invoke(app, ["shrink", *arguments])


def test_share_of_the_units_stays(files):
    result = run("model.keras", "new.keras", "--keep", "hid*=0.5", "--data", "data.npz")
    assert result.exit_code == 0
    assert "Accuracy: " in result.stdout
    assert keras.models.load_model("new.keras").get_layer("hidden").units == 4


def test_without_options_the_outputs_stay(files):
    result = run("model.keras", "new.keras", "--data", "data.npz")
    assert "The same answer as the baseline: 100.00%." in result.stdout


@pytest.mark.parametrize("keep", ["hidden", "hidden=half", "=0.5x"])
def test_ratio_that_is_none_is_one_line_and_code_2(files, keep):
    result = run("model.keras", "new.keras", "--keep", keep)
    assert result.exit_code == 2
    assert "`--keep` must be NAME=RATIO" in result.stderr
    assert result.stderr.count("\n") == 1
