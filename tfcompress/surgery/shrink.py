"""A smaller model with the same outputs."""

from tfcompress import _checks
from tfcompress.surgery.plan import plan


def shrink(
    model,
    *,
    threshold=0.0,
    round_to=1,
    keep=None,
    optimizer=True,
    approximate=False,
):
    return plan(
        model,
        threshold=threshold,
        round_to=round_to,
        keep=keep,
        approximate=approximate,
    ).apply(optimizer=optimizer)
