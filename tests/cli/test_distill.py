import json

import keras
import numpy as np
from typer.testing import CliRunner

from tfcompress.cli.main import app

TRAINING = ["--data", "data.npz", "--epochs", "20", "--batch-size", "4", "--json"]


def run(*arguments):
    return CliRunner().invoke(app, ["distill", *arguments])


def test_student_comes_to_agree_with_its_teacher(files):
    options = [*TRAINING, "--learning-rate", "0.05", "--alpha", "1"]
    result = run("model.keras", "student.keras", "new.keras", *options)

    x = np.load("data.npz")["x_train"]
    teacher, before, after = (
        keras.models.load_model(f"{name}.keras").predict(x, verbose=0)
        for name in ("model", "student", "new")
    )
    assert np.abs(after - teacher).mean() < 0.5 * np.abs(before - teacher).mean()
    assert json.loads(result.stdout)["report"]["baseline"]["name"] == "model"


def test_zeros_of_a_pruned_student_stay(files):
    student = keras.models.load_model("student.keras")
    kernel = student.layers[0].kernel
    zeros = np.zeros(kernel.shape, bool)
    zeros[::2] = True
    kernel.assign(np.where(zeros, 0, kernel))
    student.save("pruned.keras")

    result = run("model.keras", "pruned.keras", "new.keras", *TRAINING)

    assert result.exit_code == 0, result.stderr
    after = keras.models.load_model("new.keras").layers[0].kernel.numpy()
    np.testing.assert_array_equal(after == 0, zeros)


def test_model_that_takes_other_inputs_cannot_teach(files):
    other = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3, "softmax")])
    other.save("other.keras")
    result = run("other.keras", "student.keras", "new.keras", *TRAINING)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert not (files / "new.keras").exists()
