"""LassoNet's features on MNIST and Fashion-MNIST, judged by extremely random trees."""

import functools
import time

import numpy as np
from cells import measured
from sklearn.ensemble import ExtraTreesClassifier

import tfcompress as tfc

DESCRIPTION = (
    "LassoNet: 50 of 784 features, chosen on 4,000 of 10,000 images and judged on the "
    "others by ExtraTrees (50 trees), as the authors' code does; ours: lambda grows by "
    "5 % from point to point (the authors: 2 %), pixels are standardized by their common "
    "mean and deviation (the authors: in [0, 1])"
)

PAPER = {
    "mnist": {"LassoNet": 0.892, "all": 0.941},
    "fashion_mnist": {"LassoNet": 0.794, "all": 0.831},
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    rows = {name: functools.partial(_selected, name, fast, seed) for name in PAPER}
    return measured("lassonet", {"": rows}, fast=fast, seed=seed)[""]


def _selected(name, fast, seed):
    data = tfc.datasets.load(name)
    x, y = data.x_test.reshape(len(data.x_test), -1), data.y_test
    order = np.random.default_rng(seed).permutation(len(x))
    rows, others = np.split(order, [400 if fast else 4000])
    varying = np.flatnonzero(np.ptp(x[rows], axis=0) > 0)
    pixels = x[np.ix_(rows, varying)]
    begin = time.perf_counter()
    path = tfc.lassonet_path(
        (pixels - pixels.mean()) / pixels.std(),
        y[rows],
        hidden_units=(x.shape[1] // 3,),
        multiplier=2.0 if fast else 1.05,
        epochs=(2, 1) if fast else (1000, 100),
        features=50,
        seed=seed,
    )
    seconds = time.perf_counter() - begin
    ours = varying[path.points[-1].selected]
    random = np.random.default_rng(seed).choice(varying, 50, replace=False)
    chosen = {"LassoNet": ours, "random": random, "all": varying}
    return {
        "features": len(ours),
        "points": len(path.points),
        "minutes": round(seconds / 60, 1),
        "accuracy": {
            which: _accuracy(x[:, columns], y, rows, others, seed)
            for which, columns in chosen.items()
        },
        "paper": PAPER[name],
    }


def _accuracy(x, y, rows, others, seed):
    trees = ExtraTreesClassifier(n_estimators=50, random_state=seed)
    return round(float(trees.fit(x[rows], y[rows]).score(x[others], y[others])), 4)
