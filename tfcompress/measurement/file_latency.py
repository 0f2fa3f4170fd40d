"""How long a model takes as a file, side by side with its baseline."""

import dataclasses

from tfcompress.report.grid import Grid
from tfcompress.report.plot import bars
from tfcompress.report.section import Section
from tfcompress.runtime.compare_latency import compare_latency

ROUNDS = 51


@dataclasses.dataclass(frozen=True)
class FileLatency(Section):
    """The time of one example in the `.tflite` file, by LiteRT on one thread.

    The files of both models take turns in one process; medians of the rounds are
    compared. Microseconds belong to this machine and this minute: compare the ratio.

    Args:
        microseconds: Median time of one call, or None if there is no file.
        baseline_microseconds: The same of the baseline, or None.
        ratio: Time of the model over that of the baseline; below 1 is faster.
        interval: The 95 % interval of the ratio, as far as the rounds of this run tell.
        rounds: Number of turns that each file had.
        failure: Why there is no time, or `""`.
    """

    title = "Latency"
    microseconds: float | None = None
    baseline_microseconds: float | None = None
    ratio: float | None = None
    interval: tuple[float, float] | None = None
    rounds: int = ROUNDS
    failure: str = ""

    @classmethod
    def of(cls, file, baseline=None, rounds=ROUNDS) -> "FileLatency":
        """Returns the times of `WrittenFile`s, which are `.tflite`.

        Args:
            file: That of the model.
            baseline: That of the baseline, or None.
            rounds: Number of turns that each file has.
        """
        if file.failure or (baseline and baseline.failure):
            whose = "model" if file.failure else "baseline"
            reason = file.failure or baseline.failure
            return cls(rounds=rounds, failure=f"no file of the {whose}: {reason}")
        if baseline is None:
            found = compare_latency({"model": file.path}, rounds=rounds)
            return cls(found.microseconds["model"], rounds=rounds)
        paths = {"baseline": baseline.path, "model": file.path}
        found = compare_latency(paths, rounds=rounds)
        return cls(
            found.microseconds["model"],
            found.microseconds["baseline"],
            found.ratios["model"],
            found.intervals["model"],
            rounds,
        )

    def grids(self):
        if self.microseconds is None:
            return []
        rows = [["model", f"{self.microseconds:,.1f}", _ratio(self)]]
        if self.baseline_microseconds is not None:
            rows.append(["baseline", f"{self.baseline_microseconds:,.1f}", "1.00"])
        return [Grid(["File", "Microseconds", "Ratio"], rows, title="Time of one call")]

    def remarks(self):
        if self.failure:
            return [f"There is no time: {self.failure}"]
        how = f".tflite, one example, one thread of LiteRT, {self.rounds} rounds"
        if self.ratio is None:
            return [f"Median of {how}; it belongs to this machine."]
        low, high = self.interval
        return [
            f"Latency: {self.ratio:.2f} of the baseline's (95 % interval {low:.2f} to "
            f"{high:.2f}).",
            f"Medians of {how}, in turns; the times belong to this machine.",
        ]

    def scalars(self):
        found = {"microseconds": self.microseconds, "ratio": self.ratio}
        return {name: value for name, value in found.items() if value is not None}

    def figure(self):
        if self.baseline_microseconds is None:
            return None
        from matplotlib.ticker import EngFormatter

        times = self.microseconds, self.baseline_microseconds
        return bars(
            ["model", "baseline"],
            [time * 1e-6 for time in times],
            measure="time of one call",
            unit=EngFormatter(unit="s"),
            labels=("median", ""),
        )


def _ratio(latency):
    return "" if latency.ratio is None else f"{latency.ratio:.2f}"
