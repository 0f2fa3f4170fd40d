"""Other packages and this one on the same trained networks: accuracy, bytes, speed."""

import gzip
import shutil
import statistics
import time

import keras
import numpy as np
from cells import FOLDER, measured
from lenets import lenet_5, lenet_300_100
from mistakes import fitted
from tfmot_files import tfmot_files

import tfcompress as tfc

DESCRIPTION = (
    "The routes of other packages and of this one from the same trained network to the "
    "file that is shipped. LeNet-300-100 on MNIST: 10 epochs before, 6 more on each "
    "route, 12 where it has two steps, the student 16; Adam, batch 128. Means of three "
    "seeds; accuracy is that of the file, on all test images; latency of LiteRT, one "
    "thread, batch 1, is of the first seed, all files side by side; a packed archive is "
    "for storing and sending, and has none. Nothing was chosen by the test data"
)
PLOT = ("bytes", "accuracy")
TASKS = {
    "LeNet-300-100, MNIST": ("mnist", "lenet_300_100", 10, 6),
}
NETWORKS = {"lenet_300_100": lenet_300_100, "lenet_5": lenet_5}
TFMOT = ("plain", "prune", "blocks", "cluster", "quantize", "prune, quantize")
ACCURACY = "accuracy"


def measure(fast: bool = False, seed: int = 0) -> dict:
    return compared("peers", TASKS, fast, seed)


def compared(name, tasks, fast, seed):
    """Returns a table of all routes for each of `tasks`."""
    seeds = [seed] if fast else [seed, seed + 1, seed + 2]
    runs = {
        (task, one): Run(*work, fast, one)
        for task, work in tasks.items()
        for one in seeds
    }
    tables = {
        f"{task} {one}": {
            route: lambda run=run, route=route: run.route(route) for route in ROUTES
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
    return figures


def _table(runs, first):
    """Returns means over runs; sizes and times beside those of the network in float32."""
    names = [name for cell in runs[0].values() for name in cell]
    rows = [
        {name: row for cell in run.values() for name, row in cell.items()}
        for run in runs
    ]
    paths = {name: first.folder / rows[0][name]["file"] for name in names}
    timed = {name: path for name, path in paths.items() if path.suffix == ".tflite"}
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
        }
        if name in timed:
            table[name]["times faster"] = round(1 / latency.ratios[name], 1)
    return table


class Run:
    """One network, trained with one seed, and the routes from it."""

    def __init__(self, data, network, before, after, fast, seed):
        self.data_name, self.network, self.fast, self.seed = data, network, fast, seed
        self.before, self.after = (1, 1) if fast else (before, after)
        short = "-fast" if fast else ""
        self.folder = (FOLDER.parent / f"peers-{network}-{seed}{short}").absolute()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._data = None

    def route(self, name):
        """Returns the rows of a route: figures of each of its files, by name."""
        keras.utils.set_random_seed(self.seed)
        self.model()  # Its training is no part of a route.
        begin = time.perf_counter()
        files = ROUTES[name](self)
        seconds = time.perf_counter() - begin
        return {
            title: {**self._figures(path), "seconds": round(seconds, 1)}
            for title, path in files.items()
        }

    def data(self):
        """Returns training data and test data, of values from 0 to 1."""
        if self._data is None:
            data = tfc.datasets.load(self.data_name)
            train, test = (512, 500) if self.fast else (None, None)
            self._data = (
                (data.x_train[:train], data.y_train[:train]),
                (data.x_test[:test], data.y_test[:test]),
            )
        return self._data

    def model(self):
        """Returns the trained network that all routes begin with."""
        path = self.folder / "before.keras"
        if not path.exists():
            model = NETWORKS[self.network]()
            self.fit(model, self.before)
            model.save(path)
            x, y = self.data()[0]
            images = np.rint(255 * x).astype("uint8")
            np.savez(self.folder / "data.npz", x=images, y=y)
            weights = model.get_weights()
            arrays = {f"{i:03}": weight for i, weight in enumerate(weights)}
            np.savez(self.folder / "weights.npz", **arrays)
        return keras.models.load_model(path, compile=False)

    def fit(self, model, epochs, *callbacks, rate=1e-3):
        return fitted(model, self.data()[0], epochs, *callbacks, rate=rate)

    def distill(self):
        return tfc.callbacks.Distill(self.model(), temperature=4.0, alpha=0.5)

    def export(self, model, name, **options):
        path = self.folder / f"{name}.tflite"
        tfc.export.to_tflite(model, path, batch_size=1, **options)
        return path

    def _figures(self, path):
        x, y = self.data()[1]
        if path.suffix == ".tflite":
            right = tfc.runtime.TFLiteModel(path).evaluate(x, y)
        else:
            load = tfc.export.unpack if path.suffix == ".tfc" else _loaded
            logits = load(path).predict(x, batch_size=1000, verbose=0)
            right = np.mean(logits.argmax(-1) == y)
        return {
            ACCURACY: round(100 * float(right), 2),
            "bytes": path.stat().st_size,
            "gzip": len(gzip.compress(path.read_bytes(), 9)),
            "file": path.name,
        }


def _loaded(path):
    return keras.models.load_model(path, compile=False)


def _tfmot(route):
    def files(run):
        made = tfmot_files(
            route, run.network, run.folder, epochs=run.after, seed=run.seed
        )
        if route == "plain":
            return {"float32": made["float32"], "TensorFlow Lite, int8": made["int8"]}
        names = {name: f"tfmot {route}: {name}" for name in made}
        # The plain file of a pruned network is as large as before.
        return {names[name]: path for name, path in made.items()}

    return files


def _trained_on(run):
    """The network with as many epochs more, and nothing else."""
    model = run.fit(run.model(), run.after)
    return {"float32, trained on": run.export(model, "trained on")}


def _ai_edge_quantizer(run):
    """Its int4 alone, on the trained network's file."""
    from ai_edge_quantizer import quantizer, recipe

    whole = run.export(run.model(), "whole")
    path = run.folder / "ai-edge-quantizer.tflite"
    path.unlink(missing_ok=True)
    one = quantizer.Quantizer(str(whole), recipe.dynamic_legacy_wi8_afp32())
    one.update_quantization_recipe(
        regex=".*",
        operation_name="FULLY_CONNECTED",
        op_config=_int4(),
        algorithm_key="min_max_uniform_quantize",
    )
    one.quantize().export_model(str(path))
    return {"ai-edge-quantizer, int4": path}


def _int4():
    from ai_edge_quantizer import qtyping

    return qtyping.OpQuantizationConfig(
        weight_tensor_config=qtyping.TensorQuantizationConfig(
            num_bits=4, granularity=qtyping.QuantGranularity.CHANNELWISE
        ),
        compute_precision=qtyping.ComputePrecision.INTEGER,
    )


def _keras_quantize(run):
    """What Keras has itself; the file is Keras's, as its export refuses int8."""
    model = run.model()
    model.quantize("int8")
    path = run.folder / "keras-int8.keras"
    model.save(path)
    return {"Keras, quantize('int8')": path}


def _keras_student(run):
    """Keras's own distillation into a tenth, then int8 by TensorFlow Lite."""
    keras.utils.set_random_seed(run.seed)
    student = small_student(run.network)
    distiller = keras.distillation.Distiller(
        teacher=run.model(),
        student=student,
        distillation_losses=keras.distillation.LogitsDistillation(
            temperature=4.0, loss=keras.losses.KLDivergence()
        ),
        student_loss_weight=0.5,
    )
    run.fit(distiller, run.before + run.after)
    return {
        "Keras, distilled student, int8": run.export(
            student, "keras student", quantize="dynamic"
        )
    }


def small_student(network):
    layers = keras.layers
    parts = {
        "lenet_300_100": [
            layers.Flatten(),
            layers.Dense(32, "relu"),
            layers.Dense(30, "relu"),
            layers.Dense(10),
        ],
        "lenet_5": [
            layers.Conv2D(10, 5),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 5),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(140, "relu"),
            layers.Dense(10),
        ],
    }
    return keras.Sequential([keras.Input((28, 28, 1)), *parts[network]])


def _blocks(run):
    """Blocks of four inputs pruned, which LiteRT skips."""
    prune = tfc.callbacks.PruneLowMagnitude(
        _ramp(0.9), which=["fc1", "fc2"][: 2 if _dense_only(run) else 1],
        pattern=tfc.patterns.Block((4, 1)),
    )  # fmt: skip
    model = run.fit(run.model(), run.after, prune, run.distill())
    return {"ours: blocks pruned": run.export(model, "blocks", sparse=True)}


def _units(run):
    """Most units taken out, the rest in eight bits, or in four: not convolutions."""
    formats = ("dynamic", "int4") if _dense_only(run) else ("dynamic",)
    return _without_units(run, 0.7, "units", formats)


def _half(run):
    formats = ("int4",) if _dense_only(run) else ("dynamic",)
    return _without_units(run, 0.5, "half", formats)


def _without_units(run, share, name, formats):
    prune = tfc.callbacks.PruneChannels(_ramp(share, begin=0), by="taylor")
    model = tfc.shrink(run.fit(run.model(), run.after, prune, run.distill()))
    model.save(run.folder / f"{name}.keras")
    return {
        f"ours: {share:.0%} of units out, {form.replace('dynamic', 'int8')}": run.export(
            model, f"{name} {form}", quantize=form
        )
        for form in formats
    }


def _two_bits(run):
    """All dense layers ternary, convolutions in eight bits."""
    return {"ours: two bits": _ternary(run, run.model(), "two bits")}


def _in_two_bits(share, name):
    """Both steps, one after the other."""
    title = f"ours: {share:.0%} of units out, two bits"

    def files(run):
        small = _loaded(run.folder / f"{name}.keras")
        return {title: _ternary(run, small, f"{name} in two bits")}

    return files


def _ternary(run, model, name):
    model = tfc.convert(model, {keras.layers.Dense: tfc.kernels.Ternary()})
    run.fit(model, run.after, run.distill(), rate=2e-3)
    return run.export(model, name, quantize="kernels")


def _archive(run):
    """Pruned, then values shared, then packed."""
    prune = tfc.callbacks.PruneLowMagnitude(_ramp(0.93), scope="global")
    model = run.fit(run.model(), run.after, prune, run.distill())
    model = tfc.convert(model, {keras.layers.Dense: tfc.kernels.Clustered(codebook=16)})
    run.fit(model, run.after, run.distill(), rate=5e-4)
    path = run.folder / "archive.tfc"
    path.unlink(missing_ok=True)
    tfc.export.pack(tfc.fold(model), path)
    return {"ours: pruned, shared values, packed": path}


def _ramp(sparsity, begin=0):
    return tfc.schedules.Polynomial(sparsity, begin=begin, end="60%", frequency=20)


def _dense_only(run):
    return run.network == "lenet_300_100"


ROUTES = {
    "plain": _tfmot("plain"),
    "trained on": _trained_on,
    **{f"tfmot {route}": _tfmot(route) for route in TFMOT[1:]},
    "ai-edge-quantizer": _ai_edge_quantizer,
    "Keras, quantized": _keras_quantize,
    "Keras, student": _keras_student,
    "blocks": _blocks,
    "units": _units,
    "two bits": _two_bits,
    "half": _half,
    "units in two bits": _in_two_bits(0.7, "units"),
    "half in two bits": _in_two_bits(0.5, "half"),
    "archive": _archive,
}
