"""Penalties on groups after Scardapane et al., on digits and on MNIST."""

import keras
import numpy as np
from penalized import cut, files, left, network

from tfcompress.datasets.load import load
from tfcompress.regularizers.group_lasso import GroupLasso
from tfcompress.regularizers.sparse_group_lasso import SparseGroupLasso

DESCRIPTION = (
    "Scardapane's group penalties (outgoing weights of inputs and of units, single "
    "biases, each group by the root of its size): digits with 40-20 units, Adam, batch "
    "32, 100 epochs; MNIST with 400-300-100, batch 256, 10 epochs. A tenth of the "
    "training images is held out; of three strengths the largest "
    "whose accuracy there is within a point of the best. Weights below 0.001 are zeroed"
)
STRENGTHS = (3e-5, 1e-4, 3e-4)
# Penalty of kernels and of biases, for a strength.
PENALTIES = {
    "L2": lambda s: (keras.regularizers.L2(s), None),
    "L1": lambda s: (keras.regularizers.L1(s), keras.regularizers.L1(s)),
    "group lasso": lambda s: (
        GroupLasso(s, "outgoing", scale_by_size=True),
        GroupLasso(s),
    ),
    "sparse group lasso": lambda s: (
        SparseGroupLasso(s, l1=s, groups="outgoing", scale_by_size=True),
        SparseGroupLasso(s, l1=s),
    ),
}
CASES = {
    "digits": {"units": (40, 20), "batch_size": 32, "epochs": 100},
    "mnist": {"units": (400, 300, 100), "batch_size": 256, "epochs": 10},
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    figures = {}
    for case, options in CASES.items():
        rows, cuts = {}, {}
        for name in PENALTIES:
            strength, model = _best(name, case, options, fast, seed)
            cuts[name] = model
            test = load(case)
            rows[name] = {
                "strength": strength,
                "accuracy %": _accuracy(model, test.x_test, test.y_test),
                **left(model),
            }
        figures[case] = {"cut": rows, "units taken out, TFLite": files(cuts)}
    return figures


def _best(name, case, options, fast, seed):
    """Returns the strength chosen on held-out images, and the model cut after it."""
    data = load(case)
    held_out = len(data.x_train) // 10
    tried = {}
    for strength in STRENGTHS[1:2] if fast else STRENGTHS:
        keras.utils.set_random_seed(seed)
        penalty, bias = PENALTIES[name](strength)
        model = network(
            data.x_train[0].size,
            [*((units, "relu") for units in options["units"]), (10, None)],
            keras.optimizers.Adam(1e-3),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            penalty=penalty,
            bias=bias,
        )
        x = data.x_train.reshape(len(data.x_train), -1)
        model.fit(
            x[: 2560 if fast else -held_out],
            data.y_train[: 2560 if fast else -held_out],
            batch_size=options["batch_size"],
            epochs=1 if fast else options["epochs"],
            verbose=0,
        )
        small = cut(model, 1e-3)
        validation = data.x_train[-held_out:], data.y_train[-held_out:]
        tried[strength] = _accuracy(small, *validation), small
    best = max(score for score, _ in tried.values())
    strength = max(s for s, (score, _) in tried.items() if score >= best - 1)
    return strength, tried[strength][1]


def _accuracy(model, images, labels):
    x = images.reshape(len(images), -1)
    right = model.predict(x, 1024, verbose=0).argmax(-1) == labels
    return round(100 * float(np.mean(right)), 2)
