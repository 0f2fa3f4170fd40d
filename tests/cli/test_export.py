import json

import pytest
from typer.testing import CliRunner

from tfcompress.cli.main import app


def run(*arguments):
    return CliRunner().invoke(app, ["export", "model.keras", *arguments])


def test_file_is_as_large_as_it_says(files):
    content = json.loads(run("new.tflite", "--json").stdout)
    assert content["path"] == "new.tflite"
    assert content["bytes"] == (files / "new.tflite").stat().st_size
    assert content["max_error"] < 1e-5


def test_eight_bits_learn_their_ranges_from_the_data(files):
    result = run("new.tflite", "--quantize", "int8", "--data", "data.npz")
    assert result.exit_code == 0
    assert "int8" in result.stdout


def test_goal_gives_the_smallest_of_the_forms_that_are_right(files):
    result = run("new.tflite", "--goal", "smallest", "--data", "data.npz", "--json")
    content = json.loads(result.stdout)
    right = [v["bytes"] for v in content["variants"] if not v["fault"]]
    assert content["bytes"] == (files / "new.tflite").stat().st_size == min(right)


@pytest.mark.parametrize("name", ["served", "served-1.0"])
def test_name_without_a_suffix_is_the_folder_of_a_saved_model(files, name):
    assert run(name).exit_code == 0
    assert (files / name / "saved_model.pb").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["served", "--quantize", "int8"], "`--quantize` is for .tflite files alone"),
        (["served", "--goal", "smallest"], "`--goal` is for .tflite files alone"),
        (["served", "--batch-size", "2"], "`--batch-size` is for .tflite files alone"),
        (["new.tflite", "--quantize", "int8"], "`--data` must be given for int8"),
        (["new.onnx"], "`out` must end in '.tflite', or be a folder without"),
        (["new.keras"], "`out` must end in '.tflite', or be a folder without"),
    ],
)
def test_bad_input_is_one_line_and_code_2(files, arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not list(files.glob("new*")) + list(files.glob("served*"))
