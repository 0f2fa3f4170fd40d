"""Choosing, of all the networks that an elastic one holds, the best for a budget."""

import itertools
import math

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.elastic.activate import activate, stages
from tfcompress.elastic.setting import Setting
from tfcompress.elastic.take import take
from tfcompress.examples import examples, labels, pair
from tfcompress.finite_weights import check_finite
from tfcompress.report.accuracy import accuracy
from tfcompress.report.report import report
from tfcompress.surgery.graph import read

# Costs are numbers, and quick to compare; more settings than this are drawn.
COMPARED = 20_000


def best_within(
    model: keras.Model,
    data,
    *,
    bytes: int | None = None,
    macs: int | None = None,
    candidates: int = 50,
    seed: int = 0,
) -> dict[str, Setting]:
    """Returns the settings that are most often right on `data`, within a budget.

    Of the settings within the budget, those that come nearest to it are run, and the
    most accurate is chosen. Nothing is trained. `data` are seen in the choice: measure
    the result on others.

    Args:
        model: A trained model with `ElasticStage` layers, that gives classes; it is as
            it was afterwards, the largest in use.
        data: `(x, y)`, examples to choose by, with the indices of their classes.
        bytes: What the weights may take, in float32; None for any.
        macs: Multiply-accumulates per example; None for any.
        candidates: Positive integer, how many settings are run.
        seed: Integer, of what is drawn where there are very many.

    Raises:
        ValueError: If neither budget is given, or no setting is within it, or a stage is
            called several times and `macs` is given.
    """
    limits = {"bytes": bytes, "macs": macs}
    limits = {
        name: _checks.integer(name, limit)
        for name, limit in limits.items()
        if limit is not None
    }
    if not limits:
        raise _checks.error("bytes", "be given, or `macs`", bytes)
    candidates = _checks.integer("candidates", candidates)
    seed = _checks.integer("seed", seed, low=0)
    found = stages(model)
    x, y = pair("data", data)
    x = examples("data", x, model)
    labels(
        "data", y, count=len(keras.tree.flatten(x)[0]), classes=model.output_shape[-1]
    )
    check_finite("model", model)
    if macs is not None:
        _check_calls(model, found)
    fixed = _fixed(model, found)
    costs = {}
    for settings in _some(found, seed):
        cost = {
            name: fixed[name]
            + sum(COSTS[name](*pair) for pair in _pairs(found, settings))
            for name in limits
        }
        costs[settings] = max(cost[name] / limits[name] for name in limits)
    within = [settings for settings, share in costs.items() if share <= 1]
    if not within:
        smallest = {
            name: math.ceil(min(costs.values()) * limits[name]) for name in limits
        }
        rule = f"leave room for the smallest setting, which needs about {smallest}"
        raise _checks.error(next(iter(limits)), rule, limits)
    within.sort(key=costs.get, reverse=True)
    try:
        scores = []
        for settings in within[:candidates]:
            activate(model, dict(zip(found, settings, strict=True)))
            scores.append(accuracy(model, (x, y)))
    finally:
        activate(model)
    best = within[int(np.argmax(scores))]
    return dict(zip(found, best, strict=True))


COSTS = {
    "bytes": lambda stage, setting: 4 * stage.parameters(setting),
    "macs": lambda stage, setting: stage.macs(setting),
}


def _check_calls(model, found):
    calls = [call.layer.name for call in read(model).calls]
    twice = [name for name in found if calls.count(name) > 1]
    if twice:
        rule = "call each stage once, where `macs` are counted"
        raise _checks.error("model", rule, twice[0])


def _pairs(found, settings):
    return zip(found.values(), settings, strict=True)


def _fixed(model, found):
    """What the layers cost that are no stages: all, less the smallest of each stage."""
    settings = [stage.settings[-1] for stage in found.values()]
    total = report(take(model, dict(zip(found, settings, strict=True)))).total
    return {
        name: getattr(total, name)
        - sum(cost(*pair) for pair in _pairs(found, settings))
        for name, cost in COSTS.items()
    }


def _some(found, seed):
    """All combinations of settings, or else many of them, drawn; the smallest too."""
    choices = [stage.settings for stage in found.values()]
    if math.prod(map(len, choices)) <= COMPARED:
        return itertools.product(*choices)
    random = np.random.default_rng(seed)
    drawn = {
        tuple(one[random.integers(len(one))] for one in choices)
        for _ in range(COMPARED)
    }
    return [*drawn, tuple(one[-1] for one in choices)]
