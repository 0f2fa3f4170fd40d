"""Which layer stands in the way of a budget."""

import dataclasses

from tfcompress.report.report import report


def cost_obstacle(trial, budget, model) -> str:
    """Says which layer costs most in the smallest file that there is.

    Args:
        trial: The `Trial` that comes nearest.
        budget: The `Budget`, of which it is beyond a limit.
        model: The model of the trial.
    """
    figures = trial.figures
    shares = {name: figures[name] / limit for name, limit in budget.limits.items()}
    name = max(shares, key=shares.get)
    what = "bytes" if name == "bytes" else "MACs"
    rows = report(model).rows
    costs = {row.name: row.bytes if name == "bytes" else row.macs or 0 for row in rows}
    layer = max(costs, key=costs.get)
    ratio = trial.compression.choices.get(layer, (None, 1.0))[1]
    why = "none of the methods suits it" if ratio == 1 else f"it is at ratio {ratio:g}"
    counted = " as the model stores them" * (name == "bytes")
    if name == "bytes" and sum(costs.values()) < figures["bytes"] / 2:
        why += "; most of the file is its structure, of which fewer layers need less"
    return (
        f"`{name}={budget.limits[name]:,}` is out of reach: the nearest is "
        f"{figures[name]:,.6g}. Layer {layer!r} stands in the way with {costs[layer]:,} of "
        f"the {sum(costs.values()):,} {what} that are left{counted}; {why}."
    )


def accuracy_obstacle(trial, budget, accuracy_of) -> str:
    """Says which layer's compression costs most accuracy before training.

    Args:
        trial: The `Trial` that comes nearest.
        budget: The `Budget`, whose `accuracy_drop` it is beyond.
        accuracy_of: Function of a `Compression`, its accuracy before training.
    """
    made = trial.compression
    gains = {}
    for name, (_, ratio) in made.choices.items():
        if ratio < 1:
            others = {key: value for key, value in made.choices.items() if key != name}
            gains[name] = accuracy_of(dataclasses.replace(made, choices=others))
    said = (
        f"`accuracy_drop={budget.accuracy_drop:g}` is out of reach within the trials."
    )
    if not gains:
        return f"{said} No layer is compressed: it is the format of the file."
    layer = max(gains, key=gains.get)
    return (
        f"{said} Layer {layer!r} stands in the way: of all layers left whole by itself, "
        "it is the one that brings back most accuracy before training, "
        f"{100 * accuracy_of(made):.1f} to {100 * gains[layer]:.1f} %."
    )
