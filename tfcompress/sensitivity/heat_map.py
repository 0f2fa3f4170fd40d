"""A sensitivity analysis as a picture."""

from tfcompress.writing import whole_file


def heat_map(sensitivity, path):
    """Writes a map of layers and ratios for each method; the darker the more is lost."""
    # Not pyplot: a figure of its own needs no display and leaves no global state.
    from matplotlib.figure import Figure

    rows = sensitivity.rows
    methods = list(dict.fromkeys(row.method for row in rows))
    layers = list(dict.fromkeys(row.layer for row in rows))
    ratios = sorted({row.ratio for row in rows}, reverse=True)
    lost = {
        (row.layer, row.method, row.ratio): 100 * (sensitivity.accuracy - row.accuracy)
        for row in rows
        if not row.fault
    }
    worst = max([1e-9, *lost.values()])
    size = (2 + len(methods) * (1 + 0.6 * len(ratios)), 1.6 + 0.35 * len(layers))
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.subplots(1, len(methods), sharey=True, squeeze=False)[0]
    for axes, method in zip(grid, methods, strict=True):
        # NaN is left white: there the method does not suit, or cannot.
        values = [
            [lost.get((layer, method, ratio), float("nan")) for ratio in ratios]
            for layer in layers
        ]
        image = axes.imshow(values, cmap="OrRd", vmin=0, vmax=worst, aspect="auto")
        axes.set_title(str(method))
        axes.set_xticks(range(len(ratios)), [f"{ratio:g}" for ratio in ratios])
        axes.set_yticks(range(len(layers)), layers)
        axes.set_xlabel("ratio")
        for i, line in enumerate(values):
            for k, value in enumerate(line):
                if value == value:
                    color = "white" if value > 0.6 * worst else "black"
                    axes.text(
                        k, i, f"{value:.1f}", ha="center", va="center", color=color
                    )
    figure.colorbar(image, ax=list(grid), label="points of accuracy lost")
    with whole_file(path) as draft:
        figure.savefig(draft, dpi=150)
    return path
