"""A picture of how something grows with a size."""

import dataclasses

from tfcompress.writing import whole_file


@dataclasses.dataclass(frozen=True)
class Curves:
    """A picture that a page of results shows, on logarithmic axes.

    Args:
        title: What stands above, and beside the upright axis.
        name: That of its file.
        lines: Pairs of size and value, by the name of the line.
    """

    title: str
    name: str
    lines: dict[str, list[tuple[float, float]]]

    def draw(self, folder):
        """Draws it into `folder`; returns the path."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8, 4.5), layout="constrained")
        axes = figure.add_subplot(title=self.title, xscale="log", yscale="log")
        for name, pairs in self.lines.items():
            axes.plot(*zip(*pairs, strict=True), marker="o", label=name)
        ticks = sorted({size for pairs in self.lines.values() for size, _ in pairs})
        axes.set_xticks(ticks, [f"{size:g}" for size in ticks])
        axes.set_xticks([], minor=True)
        axes.yaxis.set_major_formatter("{x:g}")
        axes.set_xlabel("million weights")
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, bbox_to_anchor=(1, 1), loc="upper left")
        path = folder / self.name
        with whole_file(path) as draft:
            figure.savefig(draft, dpi=150)
        return path


def curves_of(result: dict) -> list[Curves]:
    """Returns a picture for each column that a benchmark has as its `CURVES`.

    Each table is a line; the names of its rows begin with their size.
    """
    return [
        Curves(
            column,
            f"{result['name']}-{number}.png",
            {
                table: [
                    (float(name.split()[0]), row[column]) for name, row in rows.items()
                ]
                for table, rows in result["figures"].items()
            },
        )
        for number, column in enumerate(result.get("curves") or ())
    ]
