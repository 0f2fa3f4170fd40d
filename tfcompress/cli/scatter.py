"""A picture of files: what each of them takes, and how good it is."""

import dataclasses

from tfcompress.writing import whole_file


@dataclasses.dataclass(frozen=True)
class Point:
    """A file in the picture.

    Args:
        name: What stands beside it.
        size: Its bytes.
        accuracy: From 0 to 1.
        color: One of matplotlib's; None for one of its own.
    """

    name: str
    size: float
    accuracy: float
    color: str | None = None


def scatter(points: list[Point], title: str, path):
    """Draws the accuracy of each file over its size to `path`; returns the path.

    The names stand in a column beside the picture, so that they can be read wherever
    the points are.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import EngFormatter, PercentFormatter

    points = sorted(points, key=lambda point: (point.accuracy, point.size))
    colors = [point.color or f"C{index % 10}" for index, point in enumerate(points)]
    height = max(5, 0.28 * len(points))
    figure = Figure(figsize=(9, height), layout="constrained")
    axes = figure.add_subplot(title=title, xscale="log")
    axes.set_xlabel("size of the file")
    axes.set_ylabel("test accuracy of the file")
    axes.xaxis.set_major_formatter(EngFormatter(unit="B"))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    axes.grid(alpha=0.25, which="both")
    axes.spines[["top", "right"]].set_visible(False)
    axes.scatter(
        [point.size for point in points],
        [point.accuracy for point in points],
        color=colors,
        s=60,
        zorder=3,
    )
    axes.margins(0.08)
    low, high = axes.get_ylim()
    ends = [(point.accuracy - low) / (high - low) for point in points]
    for point, color, end in zip(points, colors, spread(ends), strict=True):
        axes.annotate(
            point.name,
            xy=(point.size, point.accuracy),
            xytext=(1.04, end),
            textcoords="axes fraction",
            va="center",
            color=color,
            arrowprops={
                "arrowstyle": "-",
                "color": color,
                "alpha": 0.4,
                "relpos": (0, 0.5),
            },
        )
    with whole_file(path) as draft:
        figure.savefig(draft, dpi=150)
    return path


def spread(heights, gap: float = 0.07) -> list[float]:
    """Returns the ascending `heights` moved apart, so that lines of text fit.

    Neighbours are at least `gap` apart, or less where that many do not fit into 0 to 1.
    """
    gap = min(gap, 1 / max(len(heights) - 1, 1))
    moved, lowest = [], 0.0
    for height in heights:
        moved.append(max(height, lowest))
        lowest = moved[-1] + gap
    highest = 1.0
    for index in reversed(range(len(moved))):
        moved[index] = min(moved[index], highest)
        highest = moved[index] - gap
    return moved
