"""Bytes and accuracies of a search as a picture."""

from tfcompress.writing import whole_file


def front_plot(tuning, path):
    """Writes a point for each trial of `tuning`, the front as a line, and the budget."""
    # Not pyplot: a figure of its own needs no display and leaves no global state.
    from matplotlib.figure import Figure
    from matplotlib.ticker import EngFormatter, LogLocator, NullFormatter

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot()
    done = [trial for trial in tuning.trials if not trial.fault]
    for trials, label, style in (
        (done, "trials", {"marker": "o", "linestyle": "", "color": "#8c959f"}),
        (
            tuning.front,
            "front",
            {"linestyle": "-", "drawstyle": "steps-post", "color": "#0969da"},
        ),
        ([tuning.best], "best", {"marker": "*", "markersize": 12, "color": "#cf222e"}),
        ([tuning.baseline], "before", {"marker": "s", "color": "black"}),
    ):
        where = [trial.bytes for trial in trials]
        what = [100 * trial.accuracy for trial in trials]
        axes.plot(where, what, label=label, **{"linestyle": "", **style})
    if tuning.budget.bytes is not None:
        axes.axvline(
            tuning.budget.bytes, color="#bf8700", linestyle=":", label="budget"
        )
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(EngFormatter(unit="B"))
    axes.xaxis.set_minor_formatter(NullFormatter())  # there is no room for more
    axes.set_xlabel("file")
    axes.set_ylabel("accuracy on validation data, percent")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    with whole_file(path) as draft:
        figure.savefig(draft, dpi=150)
    return path
