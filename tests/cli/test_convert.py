import json

import keras
from typer.testing import CliRunner

from tfcompress.cli.main import app

RECIPE = ["--recipe", "recipe.json", "--json"]


def run(*arguments):
    return CliRunner().invoke(app, ["convert", *arguments])


def test_layers_of_the_recipe_are_swapped_and_judged(files):
    result = run("model.keras", "new.keras", *RECIPE, "--data", "data.npz")

    model = keras.models.load_model(files / "new.keras")
    assert type(model.get_layer("hidden")).__name__ == "CompressedDense"
    assert model.count_params() == (6 + 8 + 8) + (8 * 3 + 3)
    content = json.loads(result.stdout)["report"]
    assert content["answers"]["examples"] == 20  # those that are held out
    assert content["baseline"]["accuracy"] == 1


def test_weights_can_start_afresh(files):
    fitted, fresh = (
        json.loads(run("model.keras", "new.keras", *RECIPE, flag).stdout)["report"]
        for flag in ("--fit-weights", "--no-fit-weights")
    )
    assert fitted["rows"][0]["error"] > 0
    assert fresh["rows"][0]["error"] is None


def test_recipe_that_is_none_is_one_line_and_code_2(files):
    (files / "recipe.json").write_text("{}")
    result = run("model.keras", "new.keras", "--recipe", "recipe.json")
    assert result.exit_code == 2
    assert "be a recipe of format 1" in result.stderr
    assert result.stderr.count("\n") == 1
