"""The layers of a model, as the first section of its report."""

import dataclasses

from tfcompress.report import words
from tfcompress.report.grid import Grid
from tfcompress.report.plot import bars, in_bytes
from tfcompress.report.section import Section


@dataclasses.dataclass(frozen=True)
class LayersSection(Section):
    """What each layer stores and computes.

    Args:
        report: The `Report`.
    """

    title = "Layers"
    report: object

    def grids(self):
        head = ["Layer", "Type", "Parameters", "Zeros", "Bytes", "MACs"]
        rows = [
            [row.name, row.kind, *_sizes(row), words.count(row.macs)]
            for row in self.report.rows
        ]
        total = self.report.total
        at_least = "≥ " if total.unknown else ""
        foot = ["Total", "", *_sizes(total), at_least + words.count(total.macs)]
        if self.report.baseline is not None:
            head.append("Smaller")
            before = {row.name: row for row in self.report.baseline.rows}
            for row, line in zip(self.report.rows, rows, strict=True):
                line.append(words.times(_ratio(before.get(row.name), row)))
            foot.append(words.times(self.report.times_smaller["stored_bits"]))
        # Without the types: at 80 columns the names need the room.
        return [Grid(head, rows, self.report.name, foot, words=2, spare=1)]

    def remarks(self):
        lines, report = [], self.report
        if report.total.unknown:
            names = report.total.unknown
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            lines.append(f"MACs are not known of {', '.join(names[:3])}{more}.")
        started = [row for row in report.rows if row.error is not None]
        if started:
            worst = max(started, key=lambda row: row.error)
            lines.append(
                "Error of the start from trained weights, relative to them: "
                f"at most {worst.error:.1%} ({worst.name})."
            )
        if report.note:
            lines.append(report.note)
        if report.baseline is not None:
            ratios = report.times_smaller
            parts = {"stored_bits": "bytes", "parameters": "parameters", "macs": "MACs"}
            found = [words.fewer(ratios[key], name) for key, name in parts.items()]
            lines.append(f"Against the baseline: {', '.join(found)}.")
            if self._only_zeros():
                lines.append(
                    "The zeros are stored and multiplied like other numbers here: an "
                    "archive or a sparse file leaves them out, `shrink` takes out units "
                    "without any other number."
                )
        return lines

    def _only_zeros(self):
        """Whether zeros are all that there is more of than in the baseline."""
        after, before = self.report.total, self.report.baseline.total
        same = after.stored_bits == before.stored_bits
        return same and after.sparsity > before.sparsity + 0.01

    def scalars(self):
        total = self.report.total
        return {
            "parameters": total.parameters,
            "sparsity": total.sparsity,
            "stored_bits": total.stored_bits,
            "macs": total.macs,
        }

    def figure(self):
        report = self.report
        rows = [row for row in report.rows if row.stored_bits]
        names = [row.name for row in rows]
        theirs, before = None, ""
        if report.baseline is not None:
            found = {row.name: row.bytes for row in report.baseline.rows}
            theirs = [found.get(name, 0) for name in names]
            before = f"baseline: {report.baseline.total.bytes:,} bytes"
        return bars(
            names,
            [row.bytes for row in rows],
            theirs,
            measure="stored bytes",
            unit=in_bytes(),
            labels=(f"{report.name}: {report.total.bytes:,} bytes", before),
        )


def _sizes(part):
    return [f"{part.parameters:,}", f"{part.sparsity:.1%}", f"{part.bytes:,}"]


def _ratio(before, after):
    known = before is not None and after.stored_bits
    return before.stored_bits / after.stored_bits if known else None
