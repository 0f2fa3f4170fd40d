"""Every command through the script that pip installs, as a shell runs it.

Python takes seconds to start with TensorFlow, so most of them run the script's file in
this process; that a shell finds it is tried once.
"""

import json
import pathlib
import runpy
import subprocess
import sys
import sysconfig

import keras
import numpy as np
import pytest

from tfcompress.cli.demo import recipes
from tfcompress.cli.demo.settings import Settings
from tfcompress.cli.main import app
from tfcompress.runtime.tflite_model import TFLiteModel

SCRIPT = pathlib.Path(sysconfig.get_path("scripts")) / "tfcompress"
SPEED = """
DESCRIPTION = "How fast"
def measure(fast=False, seed=0):
    return {"Dense": {"ms": 1.0}}
"""
TRAINING = ["--data", "data.npz", "--epochs", "2", "--batch-size", "4"]
GOOD = {
    "report": ["model.keras", "--data", "plain.npz"],
    "convert": ["model.keras", "new.keras", "--recipe", "recipe.json"],
    "prune": ["model.keras", "new.keras", "--sparsity", "0.5", *TRAINING],
    "distill": ["model.keras", "student.keras", "new.keras", *TRAINING],
    "shrink": ["model.keras", "new.keras", "--keep", "hidden=0.5"],
    "export": ["model.keras", "new.tflite"],
    "tune": [
        *("model.keras", "new.tflite", "--budget", "1MB", "--trials", "1"),
        *TRAINING,
    ],
    "pack": ["model.keras", "new.tfc"],
    "unpack": ["new.tfc", "new.keras"],
    "bench": ["speed"],
    "demo": ["--out", "new"],
}
BAD = {
    "report": (["none.keras"], "There is no file none.keras"),
    "convert": (
        ["model.keras", "new.keras", "--recipe", "data.npz"],
        "must be JSON",
    ),
    "prune": (
        ["model.keras", "new.keras", "--data", "data.npz", "--sparsity", "2"],
        "must be a number in [0, 1)",
    ),
    "distill": (
        ["model.keras", "model.keras", "new.keras", "--data", "no.npz"],
        "There is no file no.npz",
    ),
    "shrink": (
        ["model.keras", "new.keras", "--keep", "nobody=0.5"],
        "nobody",
    ),
    "export": (["model.keras", "new.tflite", "--quantize", "int3"], "`quantize`"),
    "tune": (
        ["model.keras", "new.tflite", "--data", "data.npz", "--budget", "50 kilos"],
        "`budget` must be a number of bytes",
    ),
    "pack": (["model.keras", "nowhere/new.tfc"], "There is no folder 'nowhere'"),
    "unpack": (["data.npz", "new.keras"], "data.npz"),
    "bench": (["nothing"], "There is no benchmark 'nothing'"),
    "demo": (["--data", "cifar"], "`name` must be one of"),
}


@pytest.fixture
def script(files, monkeypatch, capfd):
    """Runs the script as a shell does; returns its exit code, output and errors."""
    (files / "tests" / "benchmarks").mkdir(parents=True)
    (files / "tests" / "benchmarks" / "speed.py").write_text(SPEED)
    tiny = Settings(width=16, epochs=1, batch_size=256, rounds=2)
    monkeypatch.setattr(recipes, "RECIPES", {"base": recipes.float32})
    monkeypatch.setattr(Settings, "for_data", lambda *args, **kwargs: tiny)

    def run(*arguments):
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", [str(SCRIPT), *arguments])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(SCRIPT), run_name="__main__")
        return ended.value.code or 0, *capfd.readouterr()

    return run


def test_the_tables_have_every_command():
    names = {command.callback.__name__ for command in app.registered_commands}
    assert set(GOOD) == set(BAD) == names


@pytest.mark.parametrize("command", GOOD)
def test_good_input_gives_json_and_nothing_else(script, files, command):
    if command == "unpack":
        script("pack", *GOOD["pack"])

    code, output, _ = script(command, *GOOD[command], "--json")

    assert code == 0
    assert json.loads(output)
    x = np.load("data.npz")["x_test"]
    if "new.keras" in GOOD[command]:
        model = keras.models.load_model("new.keras")
        assert model.predict(x, verbose=0).shape == (20, 3)
        assert not model.compiled
    if "new.tflite" in GOOD[command]:
        assert TFLiteModel("new.tflite").predict(x).shape == (20, 3)


@pytest.mark.parametrize("command", BAD)
def test_bad_input_is_one_line_and_code_2_and_leaves_nothing(script, files, command):
    arguments, message = BAD[command]
    before = sorted(files.rglob("*"))

    code, output, errors = script(command, *arguments)

    assert code == 2
    assert message in errors
    assert errors.startswith("Error: ")
    assert errors.count("\n") == 1
    assert output == ""
    assert sorted(files.rglob("*")) == before


def test_shell_gets_the_output_and_the_exit_code(files):
    command = [str(SCRIPT), "report", "model.h5", "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0
    assert json.loads(done.stdout)["total"]["macs"] == 6 * 8 + 8 * 3
