"""The latency of several files, side by side in one process."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from tfcompress import _checks
from tfcompress.runtime.tflite_model import TFLiteModel
from tfcompress.runtime.timing import interleaved_times, ratio_interval


@dataclasses.dataclass(frozen=True)
class Latency:
    """How long files take, and against the first of them; `str` of it is a table.

    Args:
        microseconds: Name of each file to the median time of one call.
        ratios: Name of each file to its time over that of the first file: below 1 is
            faster than the first.
        intervals: Name of each file to the 95 % interval of its ratio, as far as the
            rounds of this run tell.
    """

    microseconds: dict[str, float]
    ratios: dict[str, float]
    intervals: dict[str, tuple[float, float]]

    def __str__(self) -> str:
        width = max(map(len, self.microseconds))
        first = next(iter(self.microseconds))
        head = f"{'':{width}}  {'time':>13}  in times of {first!r}, 95 % interval"
        rows = (
            f"{name:{width}}  {time:10.1f} us  {self.ratios[name]:6.2f}"
            "  ({:.2f} to {:.2f})".format(*self.intervals[name])
            for name, time in self.microseconds.items()
        )
        return "\n".join([head, *rows])


def compare_latency(models, *, rounds: int = 21, batch_size: int = 1) -> Latency:
    """Returns the median latency of several files, and the ratios to the first.

    The files take turns in one process, so that whatever disturbs the machine
    disturbs all of them. Times belong to this machine; compare the ratios.

    Args:
        models: Mapping of names to `.tflite` paths or `TFLiteModel` objects; the
            first is the one that the others are compared with.
        rounds: Number of turns that each file has.
        batch_size: Examples per call. A file with a batch of its own keeps that.

    Raises:
        TypeError: `models` is not a mapping.
        ValueError: It is empty, or `rounds` or `batch_size` is not positive.
    """
    _checks.instance("models", models, Mapping, "a mapping of names to files")
    if not models:
        raise _checks.error("models", "name at least one file", models)
    rounds = _checks.integer("rounds", rounds)
    batch_size = _checks.integer("batch_size", batch_size)
    calls = [_open(*one).caller(batch_size) for one in models.items()]
    times = interleaved_times(calls, rounds=rounds)
    medians = np.median(times, axis=0).tolist()
    microseconds = dict(zip(models, medians, strict=True))
    ratios = {name: time / medians[0] for name, time in microseconds.items()}
    intervals = {name: ratio_interval(times, i) for i, name in enumerate(models)}
    return Latency(microseconds, ratios, intervals)


def _open(name, model):
    if isinstance(model, TFLiteModel):
        return model
    return TFLiteModel(_checks.existing_file(f"models[{name!r}]", model))
