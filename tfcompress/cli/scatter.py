"""A picture of files: what each of them takes, or gives, and how good it is."""

import dataclasses
import itertools
import math

from tfcompress.writing import whole_file

COLORS = [f"C{index}" for index in range(10) if index != 7]  # that one is gray


@dataclasses.dataclass(frozen=True)
class Point:
    """A file in the picture.

    Args:
        name: What stands beside it.
        size: Its bytes; or how many times faster it is.
        accuracy: From 0 to 1.
        color: One of matplotlib's; None for one of its own.
    """

    name: str
    size: float
    accuracy: float
    color: str | None = None


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture that a page of results shows.

    Args:
        title: What stands above.
        name: That of its file.
        points: The files.
        speed: As for `scatter`.
    """

    title: str
    name: str
    points: list[Point]
    speed: bool = False

    def draw(self, folder):
        """Draws it into `folder`."""
        scatter(self.points, self.title, folder / self.name, speed=self.speed)


def scatter(points: list[Point], title: str, path, *, speed: bool = False):
    """Draws the accuracy of each file over its size to `path`; returns the path.

    The names stand in a column beside the picture, so that they can be read wherever
    the points are. A line joins the files that no other beats in both.

    Args:
        points: The files.
        title: What stands above.
        path: Where the picture goes.
        speed: Whether the points have times faster in place of bytes.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import EngFormatter, LogLocator, PercentFormatter

    points = sorted(points, key=lambda point: (point.accuracy, point.size))
    own = itertools.cycle(COLORS)
    colors = [point.color or next(own) for point in points]
    height = max(5, 0.28 * len(points))
    figure = Figure(figsize=(9, height), layout="constrained")
    axes = figure.add_subplot(title=title, xscale="log")
    axes.set_xlabel("times faster" if speed else "size of the file")
    axes.set_ylabel("test accuracy of the file")
    axes.xaxis.set_major_formatter("{x:g}" if speed else EngFormatter(unit="B"))
    if speed:
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_minor_formatter("")
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=2))
    axes.grid(alpha=0.25, which="both")
    axes.spines[["top", "right"]].set_visible(False)
    line = front(points, greater=speed)
    ends = [point.size for point in line], [point.accuracy for point in line]
    axes.plot(*ends, color="0.3", linestyle=":", zorder=2)
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


def front(points: list[Point], *, greater: bool = False) -> list[Point]:
    """Returns the points that no other beats in size and accuracy, by accuracy.

    Args:
        points: Any.
        greater: Whether the greater size is the better one.
    """
    best, found = math.inf, []
    for point in sorted(points, key=lambda p: (-p.accuracy, p.size * (-1) ** greater)):
        cost = -point.size if greater else point.size
        if cost < best:
            best = cost
            found.append(point)
    return found


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
