"""The command `tfcompress convert`."""

import pathlib
from typing import Annotated

import typer

from tfcompress.cli.errors import one_line
from tfcompress.cli.options import AsJson, MaybeData, Model, Out

EXAMPLES = 500


def convert(
    model: Model,
    out: Out,
    recipe: Annotated[
        pathlib.Path,
        typer.Option(
            help="Rules, as `Recipe.to_json` writes them.", show_default=False
        ),
    ],
    data: MaybeData = None,
    fit_weights: Annotated[
        bool,
        typer.Option(help="Whether to start from the trained weights, or afresh."),
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Swaps layers of a model for compressed ones, by the rules of a recipe.

    With data, kernels that can (low rank, dictionaries) start where the outputs of
    their layer on training examples are nearest; and the accuracy is told of both
    models. Train the new model on: it is an ordinary Keras model.

    Example: `tfcompress convert model.keras small.keras --recipe recipe.json`
    """
    with one_line():
        from tfcompress.cli.data import load_data
        from tfcompress.cli.model_file import check_target, load_model, save_model
        from tfcompress.cli.outcome import show
        from tfcompress.conversion.convert import convert as converted
        from tfcompress.conversion.recipe import Recipe

        check_target(out)
        rules = Recipe.from_json(recipe.read_text(encoding="utf-8", errors="replace"))
        before = load_model(model)
        judged = inputs = None
        if data is not None:
            examples = load_data(data)
            judged = examples.held_out(before)
            inputs = examples.to_train_on(before)[0][:EXAMPLES]
        after = converted(
            before,
            rules,
            fit_weights=fit_weights,
            inputs=inputs if fit_weights else None,
        )
        size = save_model(after, out)
        show(after, out, size, baseline=before, data=judged, as_json=as_json)
