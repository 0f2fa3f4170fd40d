import keras
import numpy as np
import pytest
from typer.testing import CliRunner

from tfcompress.cli.main import app
from tfcompress.export.pack import pack


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "a.tfc"
    pack(keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)]), path)
    return path


def run(*arguments):
    return CliRunner().invoke(app, ["unpack", *map(str, arguments)])


def test_writes_a_file_that_keras_loads(archive, tmp_path):
    result = run(archive, tmp_path / "again.keras")
    assert result.exit_code == 0
    model = keras.models.load_model(tmp_path / "again.keras")
    np.testing.assert_array_equal(model(np.zeros((1, 3))), np.zeros((1, 4)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["nowhere.tfc", "a.keras"],
            "`path` must be an existing file. Received: path='nowhere.tfc'",
        ),
        (["ARCHIVE", "a.h5"], "`to` must end in '.keras'"),
        (["ARCHIVE", "a.keras", "--max-bytes", "10"], "`max_bytes` allows 10"),
    ],
)
def test_bad_input_is_one_line_and_code_2(archive, arguments, message, tmp_path):
    arguments = [archive if a == "ARCHIVE" else a for a in arguments]
    result = run(arguments[0], tmp_path / arguments[1], *arguments[2:])

    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "a.keras").exists()
