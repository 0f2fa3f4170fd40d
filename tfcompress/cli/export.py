"""The command `tfcompress export`."""

import dataclasses
import json
import os
import pathlib
import re
from typing import Annotated

import typer

from tfcompress import _checks
from tfcompress.cli.errors import one_line
from tfcompress.cli.options import AsJson, MaybeData, Model

EXAMPLES = 200


def export(
    model: Model,
    out: Annotated[
        pathlib.Path,
        typer.Argument(help="File to write (.tflite), or folder for a SavedModel."),
    ],
    goal: Annotated[
        str | None,
        typer.Option(help="smallest or fastest: try all forms that are right."),
    ] = None,
    quantize: Annotated[
        str | None,
        typer.Option(help="float16, dynamic, int8, kernels, int4 or int2."),
    ] = None,
    data: MaybeData = None,
    sparse: Annotated[
        bool | None,
        typer.Option(help="Whether zeros are left out; where it helps, if not said."),
    ] = None,
    compact: Annotated[
        bool,
        typer.Option(
            "--compact", help="Store hashed and clustered layers by few values."
        ),
    ] = False,
    batch_size: Annotated[
        int | None,
        typer.Option(help="Examples in every call; any number if none.", min=1),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Writes a model as a file to ship, once it was run and gave the same outputs.

    The name says which: `.tflite` for LiteRT, one without a suffix is the folder of a
    SavedModel.
    `--quantize int8` learns the ranges of values from the first 200 training examples
    of the data. With a goal, files that are wrong in more of the test examples than
    the model, by half a point, are not used.

    Example: `tfcompress export model.keras model.tflite --goal smallest --data mnist`
    """
    with one_line():
        from tfcompress.cli.data import load_data
        from tfcompress.cli.log import errors_to
        from tfcompress.cli.model_file import load_model
        from tfcompress.export.saved_model import to_saved_model
        from tfcompress.export.tflite import to_tflite

        if re.fullmatch(r"\.(?!tflite$).*[A-Za-z].*", out.suffix):
            rule = "end in '.tflite', or be a folder without a suffix"
            raise _checks.error("out", rule, str(out))
        if out.suffix == ".tflite" and quantize == "int8" and data is None:
            raise ValueError("`--data` must be given for int8: it has the ranges.")
        loaded = load_model(model)
        options = {
            "goal": goal,
            "quantize": quantize,
            "sparse": sparse,
            "compact": compact,
            "batch_size": batch_size,
        }
        examples = judged = None
        if data is not None:
            given = load_data(data)
            examples = given.to_train_on(loaded)[0][:EXAMPLES]
            judged = given.held_out(loaded) if goal else None
        # The converter has much to say, in the middle of whatever is shown.
        with errors_to(os.devnull):
            if out.suffix == ".tflite":
                result = to_tflite(
                    loaded,
                    out,
                    representative_data=examples,
                    accuracy_data=judged,
                    **options,
                )
            else:
                _refuse(options)
                result = to_saved_model(loaded, out, probe=examples)
        if as_json:
            content = {**dataclasses.asdict(result), "path": str(out)}
            typer.echo(json.dumps(content, indent=2))
        elif goal:
            from rich.console import Console

            Console().print(result)
        else:
            typer.echo("\n".join([str(result), *result.notes]))


def _refuse(options):
    given = [name for name, value in options.items() if value not in (None, False)]
    if given:
        option = given[0].replace("_", "-")
        raise ValueError(f"`--{option}` is for .tflite files alone.")
