"""The demo's picture: size against accuracy."""

import numpy as np

from tfcompress.report.writing import whole_file


def plot(rows, title: str, path):
    """Draws the accuracy of each file over its size to `path`; returns the path.

    The names stand in a column beside the picture, in the order of their points, so
    that they can be read wherever the points are.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import EngFormatter, PercentFormatter

    rows = sorted((row for row in rows if row.file), key=lambda row: row.accuracy)
    figure = Figure(figsize=(9, 5), layout="constrained")
    axes = figure.add_subplot(title=title, xscale="log")
    axes.set_xlabel("size of the file")
    axes.set_ylabel("test accuracy of the file")
    axes.xaxis.set_major_formatter(EngFormatter(unit="B"))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    axes.grid(alpha=0.25, which="both")
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(0.08)
    for index, (row, height) in enumerate(zip(rows, spread(len(rows)), strict=True)):
        color = f"C{index % 10}"
        axes.scatter(row.bytes, row.accuracy, color=color, s=60, zorder=3)
        axes.annotate(
            f"{row.method}  ({row.smaller:.1f}x smaller)",
            xy=(row.bytes, row.accuracy),
            xytext=(1.04, height),
            textcoords="axes fraction",
            va="center",
            color=color,
            arrowprops={"arrowstyle": "-", "color": color, "alpha": 0.4},
        )
    with whole_file(path) as draft:
        figure.savefig(draft, dpi=150)
    return path


def spread(count: int) -> np.ndarray:
    """Returns the heights of `count` lines of text, evenly over the axes."""
    return np.linspace(0.05, 0.95, count) if count > 1 else np.array([0.5])
