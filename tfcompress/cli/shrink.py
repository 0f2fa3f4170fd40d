"""The command `tfcompress shrink`."""

from typing import Annotated

import typer

from tfcompress.cli.errors import one_line
from tfcompress.cli.options import AsJson, MaybeData, Model, Out


def shrink(
    model: Model,
    out: Out,
    threshold: Annotated[
        float, typer.Option(help="Weights of at most this size count as zero.")
    ] = 0.0,
    round_to: Annotated[
        int, typer.Option(help="Widths are rounded up to a multiple of it.")
    ] = 1,
    keep: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME=RATIO: keep this share of the units of a layer, those with the "
            "largest weights. Can be given several times, NAME can be a glob."
        ),
    ] = None,
    merge: Annotated[
        bool, typer.Option("--merge", help="Merge units with identical weights.")
    ] = False,
    data: MaybeData = None,
    as_json: AsJson = False,
) -> None:
    """Takes the units that do nothing out of a model. The outputs stay the same.

    With `--keep` or a threshold other units leave as well, and the outputs change.

    Example: `tfcompress shrink model.keras small.keras --keep 'conv_*=0.5'`
    """
    with one_line():
        from tfcompress.cli.data import load_data
        from tfcompress.cli.model_file import check_target, load_model, save_model
        from tfcompress.cli.outcome import show
        from tfcompress.surgery.shrink import shrink as shrunk

        check_target(out)
        ratios = dict(map(_ratio, keep or ()))
        before = load_model(model)
        judged = None if data is None else load_data(data).to_judge_by(before)
        after = shrunk(
            before,
            threshold=threshold,
            round_to=round_to,
            keep=ratios or None,
            merge=merge,
        )
        size = save_model(after, out)
        show(after, out, size, baseline=before, data=judged, as_json=as_json)


def _ratio(text):
    name, _, ratio = text.rpartition("=")
    try:
        return name, float(ratio)
    except ValueError as error:
        raise ValueError(
            f"`--keep` must be NAME=RATIO, as in dense=0.5. Received: {text}"
        ) from error
