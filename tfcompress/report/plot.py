"""The pictures of a report."""

import io

from tfcompress.writing import whole_file

BASELINE = "#c9d1d9"
MODEL = "#0969da"


def bars(names, ours, theirs=None, *, measure, unit, labels=("model", "baseline")):
    """Returns a figure with a bar for each of `names`, over that of the baseline.

    Args:
        names: What the bars are of.
        ours: Their lengths.
        theirs: Those of the baseline, or None.
        measure: What is measured.
        unit: A matplotlib formatter of the lengths.
        labels: Names of the model and of the baseline.
    """
    figure, axes = _figure(1.6 + 0.25 * len(names))
    places = range(len(names))
    if theirs is not None:
        axes.barh(places, theirs, 0.8, color=BASELINE, label=labels[1])
    axes.barh(places, ours, 0.5, color=MODEL, label=labels[0])
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.margins(y=0.5 / max(len(names), 1))
    axes.xaxis.set_major_formatter(unit)
    axes.set_xlabel(measure)
    figure.legend(loc="outside upper left", frameon=False)
    return figure


def lines(places, curves, *, across):
    """Returns a figure of named `curves` over `places`, from 0 upwards."""
    figure, axes = _figure(3.2)
    for name, heights in curves.items():
        axes.plot(places, heights, marker="o", label=name)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(across)
    axes.grid(alpha=0.25)
    figure.legend(loc="outside upper left", frameon=False)
    return figure


def percent():
    """Returns a formatter of shares."""
    from matplotlib.ticker import PercentFormatter

    return PercentFormatter(1)


def in_bytes():
    """Returns a formatter of bytes."""
    from matplotlib.ticker import EngFormatter

    return EngFormatter(unit="B")


def write(figure, path):
    """Writes `figure` to the image file `path`; returns the path."""
    with whole_file(path) as draft:
        figure.savefig(draft, dpi=150)
    return path


def svg(figure) -> bytes:
    """Returns `figure` as an SVG file."""
    file = io.BytesIO()
    # Without a date: the same report is the same file.
    figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def _figure(height):
    # Not pyplot: a figure of its own needs no display and leaves no global state.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes
