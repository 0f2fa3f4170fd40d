"""LassoNet's and Torch-Pruning's own packages, in PyTorch, beside this one."""

import pathlib
import shutil

import environments
import keras
import numpy as np
from cells import FOLDER, measured
from peers import Run
from routes.networks import network
from sklearn.ensemble import ExtraTreesClassifier

import tfcompress as tfc

DESCRIPTION = (
    "Two packages for PyTorch and what this one has in their place. LassoNet: 50 "
    "features of MNIST, chosen on 4,000 of the 10,000 test images and judged on the "
    "others by ExtraTrees (50 trees), as its authors do; in both packages lambda grows "
    "from 8 by 15 % from point to point (the automatic start of `lassonet` is a search "
    "of minutes), validation is an eighth, batches are of 256, and the features are "
    "those with the longest skip weights at the last point with 50. Torch-Pruning: half "
    "the units of each hidden layer taken out of one trained LeNet-5 (Fashion-MNIST), "
    "its weights copied over, then one epoch more; `silent` units have neither weights "
    "from their inputs nor a bias, `constant` ones have a bias; the greatest difference "
    "is that of logits from those of the uncut network. One seed; seconds of the path, "
    "or of the cut; lines are those of the user"
)
ROUTES = pathlib.Path(__file__).parent / "routes"
CUTS = ("half", "silent", "constant")


def measure(fast: bool = False, seed: int = 0) -> dict:
    folder = FOLDER.parent / f"peers_features-{seed}{'-fast' * fast}"
    choosers = [name for name in ("ours", "lassonet") if environments.python_of(name)]
    cutters = [
        name for name in ("ours", "torch-pruning") if environments.python_of(name)
    ]
    networks = Cuts(fast, seed)
    tables = {
        "50 features": {
            name: lambda name=name: _features(name, folder.absolute(), fast, seed)
            for name in choosers
        },
        **{
            f"{cut}, taken out": {
                name: lambda name=name, cut=cut: networks.row(name, cut)
                for name in cutters
            }
            for cut in CUTS
        },
    }
    figures = measured("peers_features", tables, fast=fast, seed=seed)
    shutil.rmtree(folder, ignore_errors=True)
    networks.forget()
    if missing := environments.not_installed(("lassonet", "torch-pruning")):
        figures["not installed"] = dict.fromkeys(missing, "left out")
    return figures


def _features(package, folder, fast, seed):
    """Returns how well trees do on the features that a package chooses."""
    data = tfc.datasets.load("mnist")
    x, y = data.x_test.reshape(len(data.x_test), -1), data.y_test
    order = np.random.default_rng(seed).permutation(len(x))
    rows, others = np.split(order, [400 if fast else 4000])
    varying = np.flatnonzero(np.ptp(x[rows], axis=0) > 0)
    pixels = x[np.ix_(rows, varying)]
    folder.mkdir(parents=True, exist_ok=True)
    pixels = (pixels - pixels.mean()) / pixels.std()
    np.savez(folder / "features.npz", x=pixels, y=y[rows].astype("int64"))
    order = {
        "package": f"features_of_{package}",
        "route": "fifty",
        "folder": str(folder),
        "seed": seed,
        "options": {
            "hidden_units": [x.shape[1] // 3],
            "start": 8.0,
            "multiplier": 1.5 if fast else 1.15,
            "epochs": [2, 1] if fast else [1000, 100],
        },
    }
    found = environments.run(package, ROUTES / "child.py", order)
    with np.load(found["files"][package]) as chosen:
        columns, points = varying[chosen["chosen"]], int(chosen["points"])
    trees = ExtraTreesClassifier(n_estimators=50, random_state=seed)
    trees.fit(x[np.ix_(rows, columns)], y[rows])
    right = trees.score(x[np.ix_(others, columns)], y[others])
    return {
        "accuracy": round(100 * right, 2),
        "features": len(columns),
        "points": points,
        **{name: found[name] for name in ("seconds", "peak MB", "lines")},
    }


class Cuts:
    """One trained network, half of whose units can be dead, and what is left of it."""

    def __init__(self, fast, seed):
        self.run = Run("peers_features", "fashion_mnist", "lenet_5", 3, 1, fast, seed)

    def row(self, package, cut):
        folder, model = self._prepared(cut)
        order = {
            "package": f"of_{package.replace('-', '_')}",
            "cut": cut,
            "network": self.run.network,
            "folder": str(folder),
            "before": self.run.before,
            "after": self.run.after,
            "seed": self.run.seed,
        }
        found = environments.run(package, ROUTES / "cut.py", order)
        x, y = self.run.data()[1]
        whole = model.predict(x, batch_size=1000, verbose=0)
        with np.load(found["file"]) as logits:
            small, tuned = logits["cut"], logits["tuned"]
        return {
            "parameters before": model.count_params(),
            "parameters": found["parameters"],
            "greatest difference": float(f"{np.abs(small - whole).max():.1e}"),
            "accuracy before": _percent(whole, y),
            "accuracy": _percent(small, y),
            "fine-tuned": _percent(tuned, y),
            **{name: found[name] for name in ("seconds", "peak MB", "lines")},
        }

    def forget(self):
        for folder in self.run.folder.parent.glob(f"{self.run.folder.name}*"):
            shutil.rmtree(folder)

    def _prepared(self, cut):
        """Returns the folder that a package finds the network in, and the network."""
        self.run.train()
        folder = self.run.folder.with_name(f"{self.run.folder.name}-{cut}")
        folder.mkdir(exist_ok=True)
        with np.load(self.run.folder / "weights.npz") as weights:
            arrays = {name: weights[name] for name in weights.files}
        if cut != "half":
            _kill(list(arrays.values()), biases=cut == "silent", seed=self.run.seed)
        np.savez(folder / "weights.npz", **arrays)
        shutil.copy(self.run.folder / "data.npz", folder)
        model = network(keras, self.run.network)
        model.set_weights(list(arrays.values()))
        return folder, model


def _kill(arrays, biases, seed):
    """Takes the weights of half the units of each hidden layer, drawn at random."""
    random = np.random.default_rng(seed)
    for kernel, bias in zip(arrays[:-2:2], arrays[1:-2:2], strict=True):
        units = random.choice(len(bias), len(bias) // 2, replace=False)
        kernel[..., units] = 0
        if biases:
            bias[units] = 0


def _percent(logits, y):
    return round(100 * float(np.mean(logits.argmax(-1) == y)), 2)
