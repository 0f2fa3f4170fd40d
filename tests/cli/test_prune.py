import json

import keras
import numpy as np
import pytest
from typer.testing import CliRunner

from tfcompress.cli.main import app

TRAINING = ["--data", "data.npz", "--epochs", "3", "--batch-size", "4"]


def run(*arguments):
    return CliRunner().invoke(app, ["prune", *arguments])


def test_half_of_the_weights_are_zero_in_the_file(files):
    result = run("model.h5", "new.keras", "--sparsity", "0.5", *TRAINING)
    assert result.exit_code == 0
    assert "new.keras: " in result.stdout

    model = keras.models.load_model("new.keras")
    for layer in model.layers:
        kernel = np.asarray(layer.kernel)
        assert np.count_nonzero(kernel) == kernel.size / 2
    assert not model.compiled  # no optimizer in the file


def test_blocks_are_those_that_litert_can_skip(files):
    run("model.keras", "new.keras", "--sparsity", "0.5", "--for-litert", *TRAINING)
    kernel = np.asarray(
        keras.models.load_model("new.keras").get_layer("classes").kernel
    )
    blocks = np.count_nonzero(kernel.reshape(2, 4, 3), axis=1)
    assert set(blocks.ravel()) == {0, 4}


def test_data_that_is_not_split_judges_nothing(files):
    plain = ["--data", "plain.npz", "--epochs", "3", "--batch-size", "4", "--json"]
    result = run("model.keras", "new.keras", *plain)
    assert json.loads(result.stdout)["report"]["accuracy"] is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["new.h5", *TRAINING], "must end in '.keras'"),
        (
            ["new.keras", *TRAINING, "--learning-rate", "-1"],
            "`learning_rate` must be a number in (0",
        ),
        (["new.keras", "--data", "digits"], "`data` must hold examples of (6,)"),
    ],
)
def test_bad_input_is_one_line_and_code_2(files, arguments, message):
    result = run("model.keras", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (files / "new.keras").exists()
