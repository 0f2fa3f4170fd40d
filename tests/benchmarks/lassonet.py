"""LassoNet's features on MNIST and Fashion-MNIST, judged by extremely random trees."""

import functools
import time

import numpy as np
from cells import measured
from sklearn.ensemble import ExtraTreesClassifier

import tfcompress as tfc

DESCRIPTION = (
    "LassoNet: 50 of 784 features of 10,000 images, chosen on them, judged by "
    "ExtraTrees (50 trees) on test images; lambda grows by 20 % from point to point (the "
    "authors: 2 %)"
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
    order = np.random.default_rng(seed).permutation(len(data.x_train))
    rows = order[: 500 if fast else 10_000]
    x = data.x_train.reshape(len(data.x_train), -1)[rows]
    y = data.y_train[rows]
    x_test = data.x_test.reshape(len(data.x_test), -1)
    varying = np.flatnonzero(np.ptp(x, axis=0) > 0)
    mean, scale = x[:, varying].mean(), x[:, varying].std()
    begin = time.perf_counter()
    path = tfc.lassonet_path(
        (x[:, varying] - mean) / scale,
        y,
        hidden_units=(len(varying) // 3,),
        multiplier=2.0 if fast else 1.2,
        epochs=(2, 1) if fast else (1000, 100),
        features=50,
        seed=seed,
    )
    seconds = time.perf_counter() - begin
    ours = varying[path.points[-1].selected]
    random = np.random.default_rng(seed).choice(varying, 50, replace=False)
    trees = {"LassoNet": ours, "random": random, "all": np.arange(x.shape[1])}
    return {
        "features": len(ours),
        "points": len(path.points),
        "minutes": round(seconds / 60, 1),
        "accuracy": {
            which: _accuracy(x[:, columns], y, x_test[:, columns], data.y_test, seed)
            for which, columns in trees.items()
        },
        "paper": PAPER[name],
    }


def _accuracy(x, y, x_test, y_test, seed):
    trees = ExtraTreesClassifier(n_estimators=50, random_state=seed)
    return round(float(trees.fit(x, y).score(x_test, y_test)), 4)
