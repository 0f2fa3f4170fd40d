"""The demo itself: train, export, run and compare."""

import dataclasses

import keras

from tfcompress.cli.demo.row import Row
from tfcompress.cli.demo.training import mlp, train
from tfcompress.export.tflite import to_tflite
from tfcompress.runtime.compare_latency import compare_latency
from tfcompress.runtime.tflite_model import TFLiteModel


def run(data, folder, settings, recipes, on_step=lambda name: None) -> list[Row]:
    """Returns a row for each of `recipes`, whose files are in `folder` afterwards.

    Args:
        data: A `Dataset`.
        folder: An existing folder for the files.
        settings: The `Settings`.
        recipes: Names to methods, as in `recipes.py`; the first is what the others are
            compared with, and must not fail.
        on_step: Called with the name of each method before it starts, and before the
            training of the baseline and the timing.
    """
    keras.utils.set_random_seed(settings.seed)
    on_step("training the baseline")
    baseline = train(mlp(data, [settings.width] * 2), data, settings)
    rows = []
    for name, recipe in recipes.items():
        on_step(name)
        keras.utils.set_random_seed(settings.seed)  # whatever ran before
        row = Row(name, recipe.__doc__)
        try:
            rows.append(_exported(row, recipe(baseline, data, settings), data, folder))
        except Exception as error:  # it keeps its row, and the others have their turn
            if not rows:
                raise
            rows.append(dataclasses.replace(row, failure=_reason(error)))
    on_step("timing")
    return _timed(rows, folder, settings.rounds)


def _exported(row, made, data, folder):
    model, options = made
    slug = "_".join("".join(c if c.isalnum() else " " for c in row.method).split())
    path = folder / f"{slug}.tflite"
    result = to_tflite(model, path, probe=data.x_test[:100], **options)
    return dataclasses.replace(
        row,
        file=path.name,
        accuracy=TFLiteModel(path).evaluate(data.x_test, data.y_test),
        bytes=result.bytes,
        max_error=result.max_error,
    )


def _timed(rows, folder, rounds):
    files = {row.method: folder / row.file for row in rows if row.file}
    latency = compare_latency(files, rounds=rounds)
    return [
        dataclasses.replace(
            row,
            latency=latency.ratios[row.method],
            microseconds=latency.microseconds[row.method],
            smaller=rows[0].bytes / row.bytes,
        )
        if row.file
        else row
        for row in rows
    ]


def _reason(error):
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
