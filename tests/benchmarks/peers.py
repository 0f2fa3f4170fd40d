"""Other packages and this one on the same trained networks: accuracy, bytes, speed."""

import gzip
import pathlib
import shutil
import statistics

import environments
import keras
import numpy as np
from cells import FOLDER, measured
from mistakes import fitted
from routes.networks import network

import tfcompress as tfc

DESCRIPTION = (
    "The routes of other packages and of this one from the same trained network to the "
    "file that is shipped. LeNet-300-100 on MNIST: 10 epochs before, 6 more on each "
    "route, 12 where it has two steps, 16 for the student and for signs; Adam, batch 128, "
    "its rate falling along a cosine. Means of three seeds; accuracy is that of the file, "
    "on all test images; latency of LiteRT, one thread, batch 1, is of the first seed, "
    "all files side by side; a packed archive is for storing and sending, and has none, "
    "nor has what another runtime runs. Seconds and peak memory (that of the framework "
    "included) are of a process for each route; lines are those of the user beyond a "
    "plain fit and save, as `tests/benchmarks/routes` has them. Nothing was chosen by "
    "the test data"
)
PLOT = ("bytes", "accuracy")
TASKS = {
    "LeNet-300-100, MNIST": ("mnist", "lenet_300_100", 10, 6),
}
ACCURACY = "accuracy"
CHILD = pathlib.Path(__file__).parent / "routes" / "child.py"
# Package and route of each row, or rows.
ROUTES = [
    ("tfmot", "plain"),
    ("ours", "trained on"),
    ("tfmot", "prune"),
    ("tfmot", "blocks"),
    ("tfmot", "cluster"),
    ("tfmot", "quantize"),
    ("tfmot", "prune, quantize"),
    ("ai-edge-quantizer", "int4"),
    ("keras", "quantized"),
    ("keras", "student"),
    ("larq", "signs"),
    ("pquant-ml", "prune"),
    ("torch-pruning", "half"),
    ("torch-pruning", "units"),
    ("ours", "blocks"),
    ("ours", "long blocks"),
    ("ours", "low rank"),
    ("ours", "lower rank"),
    ("ours", "units"),
    ("ours", "two bits"),
    ("ours", "half"),
    ("ours", "units in two bits"),
    ("ours", "half in two bits"),
    ("ours", "some in four bits"),
    ("ours", "half in four bits"),
    ("ours", "archive"),
]


def measure(fast: bool = False, seed: int = 0) -> dict:
    return compared("peers", TASKS, fast, seed)


def compared(name, tasks, fast, seed, routes=ROUTES):
    """Returns a table of all `routes` for each of `tasks`."""
    seeds = [seed] if fast else [seed, seed + 1, seed + 2]
    missing = environments.not_installed(dict(routes))
    routes = [route for route in routes if route[0] not in missing]
    runs = {
        (task, one): Run(name, *work, fast, one)
        for task, work in tasks.items()
        for one in seeds
    }
    tables = {
        f"{task} {one}": {
            ": ".join(route): lambda run=run, route=route: run.route(*route)
            for route in routes
        }
        for (task, one), run in runs.items()
    }
    cells = measured(name, tables, fast=fast, seed=seed)
    figures = {
        task: _table([cells[f"{task} {one}"] for one in seeds], runs[task, seed])
        for task in tasks
    }
    for run in runs.values():
        shutil.rmtree(run.folder, ignore_errors=True)
    if missing:
        figures["not installed"] = dict.fromkeys(missing, "left out")
    return figures


def _table(runs, first):
    """Returns means over runs; sizes and times beside those of the network in float32."""
    names = [name for cell in runs[0].values() for name in cell]
    rows = [
        {name: row for cell in run.values() for name, row in cell.items()}
        for run in runs
    ]
    paths = {name: first.folder / rows[0][name]["file"] for name in names}
    timed = {name: path for name, path in paths.items() if rows[0][name]["LiteRT"]}
    latency = tfc.runtime.compare_latency(timed, rounds=7 if first.fast else 101)
    whole = statistics.mean(row[names[0]]["bytes"] for row in rows)
    table = {}
    for name in names:
        found = [row[name] for row in rows]
        size = statistics.mean(one["bytes"] for one in found)
        accuracies = [one[ACCURACY] for one in found]
        table[name] = {
            ACCURACY: round(statistics.mean(accuracies), 2),
            "of each seed": ", ".join(f"{one:.2f}" for one in accuracies),
            "bytes": round(size),
            "times smaller": round(whole / size, 1),
            "bytes, gzip": round(statistics.mean(one["gzip"] for one in found)),
            "seconds": round(statistics.median(one["seconds"] for one in found)),
            "peak MB": round(statistics.median(one["peak MB"] for one in found)),
            "lines": found[0]["lines"],
        }
        if name in timed:
            table[name]["times faster"] = round(1 / latency.ratios[name], 1)
    return table


class Run:
    """One network, trained with one seed, and the routes from it."""

    def __init__(self, name, data, network, before, after, fast, seed):
        self.data_name, self.network, self.fast, self.seed = data, network, fast, seed
        self.before, self.after = (1, 1) if fast else (before, after)
        short = "-fast" if fast else ""
        self.folder = (FOLDER.parent / f"{name}-{network}-{seed}{short}").absolute()
        self._data = None

    def route(self, package, route):
        """Returns the rows of a route: figures of each of its files, by name."""
        self.train()  # which is no part of a route
        order = {
            "package": f"of_{package.replace('-', '_')}",
            "route": route,
            "network": self.network,
            "folder": str(self.folder),
            "before": self.before,
            "after": self.after,
            "seed": self.seed,
        }
        found = environments.run(package, CHILD, order)
        same = {name: found[name] for name in ("seconds", "peak MB", "lines")}
        right = found.get("accuracy", {})
        return {
            title: {**self._figures(pathlib.Path(path), right.get(title)), **same}
            for title, path in found["files"].items()
        }

    def data(self):
        """Returns training data and test data, as arrays of a grid and channels."""
        if self._data is None:
            data = tfc.datasets.load(self.data_name)
            train, test = (512, 500) if self.fast else (None, None)
            self._data = (
                (_with_channels(data.x_train[:train]), data.y_train[:train]),
                (_with_channels(data.x_test[:test]), data.y_test[:test]),
            )
        return self._data

    def train(self):
        """Leaves the trained network that all routes begin with, and its data."""
        path = self.folder / "weights.npz"
        if path.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        keras.utils.set_random_seed(self.seed)
        train, test = self.data()
        model = fitted(network(keras, self.network), train, self.before)
        np.savez(
            self.folder / "data.npz",
            x=_stored(train[0]),
            y=train[1],
            x_test=_stored(test[0]),
            y_test=test[1],
        )
        weights = model.get_weights()
        np.savez(path, **{f"{i:03}": weight for i, weight in enumerate(weights)})

    def _figures(self, path, right=None):
        """Returns what a file is worth; `right` where only its package can run it."""
        x, y = self.data()[1]
        in_litert = right is None and path.suffix == ".tflite"
        if right is None:
            right = 100 * float(np.mean(_outputs(path, x).argmax(-1) == y))
        return {
            ACCURACY: round(right, 2),
            "bytes": path.stat().st_size,
            "gzip": len(gzip.compress(path.read_bytes(), 9)),
            "file": path.name,
            "LiteRT": in_litert,
        }


def _outputs(path, x):
    if path.suffix == ".tflite":
        return tfc.runtime.TFLiteModel(path).predict(x)
    if path.suffix == ".onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(path)
        name = session.get_inputs()[0].name
        return session.run(None, {name: x})[0]
    if path.suffix == ".tfc":
        return tfc.export.unpack(path).predict(x, batch_size=1000, verbose=0)
    model = keras.models.load_model(path, compile=False)
    return model.predict(x, batch_size=1000, verbose=0)


def _with_channels(x):
    """Sequences are pictures of one channel: frames by coefficients."""
    return x if x.ndim == 4 else x[..., None]


def _stored(x):
    """Images as bytes, as they came; else as they are."""
    whole = np.rint(255 * x)
    return whole.astype("uint8") if np.allclose(255 * x, whole, atol=1e-3) else x
