"""The demo's picture: size against accuracy."""

from tfcompress.writing import whole_file


def plot(rows, title: str, path):
    """Draws the accuracy of each file over its size to `path`; returns the path.

    The names stand in a column beside the picture, so that they can be read wherever
    the points are.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import EngFormatter, PercentFormatter

    rows = sorted(
        (row for row in rows if row.file), key=lambda row: (row.accuracy, row.bytes)
    )
    figure = Figure(figsize=(9, 5), layout="constrained")
    axes = figure.add_subplot(title=title, xscale="log")
    axes.set_xlabel("size of the file")
    axes.set_ylabel("test accuracy of the file")
    axes.xaxis.set_major_formatter(EngFormatter(unit="B"))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    axes.grid(alpha=0.25, which="both")
    axes.spines[["top", "right"]].set_visible(False)
    axes.scatter(
        [row.bytes for row in rows],
        [row.accuracy for row in rows],
        color=[f"C{index % 10}" for index in range(len(rows))],
        s=60,
        zorder=3,
    )
    axes.margins(0.08)
    low, high = axes.get_ylim()
    ends = [(row.accuracy - low) / (high - low) for row in rows]
    for index, (row, height) in enumerate(zip(rows, spread(ends), strict=True)):
        color = f"C{index % 10}"
        axes.annotate(
            f"{row.method}  ({row.smaller:.1f}x smaller)",
            xy=(row.bytes, row.accuracy),
            xytext=(1.04, height),
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
