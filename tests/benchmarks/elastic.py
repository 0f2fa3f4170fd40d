"""Sub-networks of an elastic network against the same networks trained alone."""

import keras
from mistakes import fitted, percent_wrong

import tfcompress as tfc

DESCRIPTION = (
    "Test error (%) on Fashion-MNIST (10,000 training images) of networks taken from an "
    "elastic one within budgets of bytes, not trained further, and of the same networks "
    "trained alone for as many epochs (Adam, batch 32); chosen on 2000 other images"
)
CHANNELS = (8, 16)
RECIPE = {"batch": 32, "rate": 3e-3}


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    data = tfc.datasets.fashion_mnist()
    size, first, then = (1000, 1, 1) if fast else (10_000, 8, 24)
    x, y = data.x_train[:size], data.y_train[:size]
    choosing = data.x_train[-2000:], data.y_train[-2000:]
    elastic = tfc.elastic.image_classifier((28, 28, 1), 10, channels=CHANNELS)
    fitted(elastic, (x, y), first, **RECIPE)
    largest = tfc.elastic.take(elastic)
    shrinking = tfc.elastic.ProgressiveShrinking(seed=seed)
    distill = tfc.callbacks.Distill(largest, temperature=2.0, alpha=0.5)
    fitted(elastic, (x, y), then, shrinking, distill, **RECIPE)
    whole = 4 * largest.count_params()
    figures = {"largest, before": _row(largest, data)}
    figures["largest"] = _row(tfc.elastic.take(elastic), data)
    for share in (2, 4, 8):
        settings = tfc.elastic.best_within(
            elastic, choosing, bytes=whole // share, candidates=2 if fast else 12
        )
        taken = tfc.elastic.take(elastic, settings)
        figures[f"1/{share}"] = _row(taken, data)
        fresh = tfc.elastic.image_classifier((28, 28, 1), 10, channels=CHANNELS)
        alone = tfc.elastic.take(fresh, settings)
        figures[f"1/{share}"]["trained alone"] = percent_wrong(
            fitted(alone, (x, y), first + then, **RECIPE), data
        )
    return figures


def _row(model, data):
    total = tfc.report(model).total
    return {
        "bytes": total.bytes,
        "MACs": total.macs,
        "error": percent_wrong(model, data),
    }
