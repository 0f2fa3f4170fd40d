import json

import keras
import pytest
from typer.testing import CliRunner

from tfcompress.cli.main import app


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.keras"
    layers = [keras.Input((3,)), keras.layers.Dense(4, name="dense")]
    keras.Sequential(layers, name="small").save(path)
    return str(path)


def run(*arguments):
    return CliRunner().invoke(app, ["report", *map(str, arguments)])


def test_prints_the_table(model):
    result = run(model)
    assert result.exit_code == 0
    assert "small" in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_json_is_json_and_nothing_else(model):
    content = json.loads(run(model, "--json", "--baseline", model).stdout)
    assert content["total"]["macs"] == 12
    assert content["times_smaller"]["parameters"] == 1


def test_plot_is_written(model, tmp_path):
    assert run(model, "--plot", tmp_path / "a.png").exit_code == 0
    assert (tmp_path / "a.png").stat().st_size > 1000


def test_files_times_and_other_data_can_be_asked_for(files):
    asked = ["--data", "data.npz", "--baseline", "model.h5", "--files"]
    asked += ["--latency", "--quantize", "dynamic", "--shifted", "all=plain.npz"]
    written = ["--markdown", "r.md", "--html", "r.html", "--tensorboard", "logs"]
    result = run("student.keras", *asked, *written)

    assert result.exit_code == 0
    for text in (result.stdout, (files / "r.md").read_text()):
        for title in ("by class", "shifted", "on disk", "one call"):
            assert title in text
    assert "data:image/svg+xml" in (files / "r.html").read_text()
    assert list((files / "logs").glob("events*"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["MODEL", "--html", "nowhere/a.html"], "There is no folder 'nowhere'"),
        (["MODEL", "--shifted", "a.npz"], "`--shifted` must be NAME=FILE"),
        (["MODEL", "--noise"], "`noise` must be False without `data` and"),
        (["MODEL", "--quantize", "int8"], "`tflite` must be None without `files`"),
        (["nowhere.keras"], "There is no file nowhere.keras"),
        (["MODEL", "--baseline", "nowhere.keras"], "There is no file nowhere.keras"),
        (["MODEL", "--plot", "nowhere/a.png"], "There is no folder 'nowhere'"),
        (["MODEL", "--plot", "a.nonsense"], "must end in one of"),
    ],
)
def test_bad_file_is_one_line_and_code_2(model, arguments, message):
    result = run(*(model if a == "MODEL" else a for a in arguments))

    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
