"""A report as a picture: what each layer stores."""

from tfcompress.writing import whole_file


def plot(report, path):
    """Writes a bar for each layer of `report`, over that of its baseline."""
    # Not pyplot: a figure of its own needs no display and leaves no global state.
    from matplotlib.figure import Figure
    from matplotlib.ticker import EngFormatter

    rows = [row for row in report.rows if row.stored_bits]
    names = [row.name for row in rows]
    figure = Figure(figsize=(7, 1.6 + 0.25 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    if report.baseline is not None:
        before = {row.name: row.bytes for row in report.baseline.rows}
        widths = [before.get(name, 0) for name in names]
        label = f"baseline: {report.baseline.total.bytes:,} bytes"
        axes.barh(range(len(rows)), widths, 0.8, color="#c9d1d9", label=label)
    axes.barh(
        range(len(rows)),
        [row.bytes for row in rows],
        0.5,
        color="#0969da",
        label=f"{report.name}: {report.total.bytes:,} bytes",
    )
    axes.set_yticks(range(len(rows)), names)
    axes.invert_yaxis()
    axes.margins(y=0.5 / max(len(rows), 1))
    axes.xaxis.set_major_formatter(EngFormatter(unit="B"))
    axes.set_xlabel("stored bytes")
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside upper left", frameon=False)
    with whole_file(path) as draft:
        figure.savefig(draft, dpi=150)
    return path
