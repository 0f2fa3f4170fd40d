import json

import keras
import pytest
from typer.testing import CliRunner

from tfcompress.cli.main import app
from tfcompress.export.unpack import unpack


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.keras"
    layers = [keras.Input((3,)), keras.layers.Dense(4, name="dense")]
    keras.Sequential(layers, name="small").save(path)
    return str(path)


def run(*arguments):
    return CliRunner().invoke(app, ["pack", *map(str, arguments)])


def test_writes_an_archive_and_says_how_small_it_is(model, tmp_path):
    result = run(model, tmp_path / "a.tfc")
    assert result.exit_code == 0
    assert "times smaller" in result.output
    assert unpack(tmp_path / "a.tfc").count_params() == 16


def test_json_has_each_weight(model, tmp_path):
    content = json.loads(run(model, tmp_path / "a.tfc", "--json").stdout)
    assert content["bytes"] == (tmp_path / "a.tfc").stat().st_size
    assert [tensor["shape"] for tensor in content["tensors"]] == [[3, 4], [4]]


def test_table_has_a_line_for_each_weight(model, tmp_path):
    result = run(model, tmp_path / "a.tfc", "--table")
    assert "dense/kernel" in result.output
    assert "dense/bias" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.keras", "a.tfc"], "There is no file nowhere.keras"),
        (["MODEL", "nowhere/a.tfc"], "There is no folder 'nowhere'"),
        (["MODEL", "a.tfc", "--bits", "9"], "`bits` must be an integer in [1, 8]"),
    ],
)
def test_bad_input_is_one_line_and_code_2(model, arguments, message):
    result = run(*(model if a == "MODEL" else a for a in arguments))

    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
