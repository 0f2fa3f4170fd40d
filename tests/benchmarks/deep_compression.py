"""Deep Compression of LeNet-300-100: prune, share values, and pack into a real file."""

import pathlib
import tempfile

import cells
import keras
import numpy as np
from han_pruning import KEPT
from lenets import BATCH, error, images, lenet_300_100, train

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.conversion.convert import convert
from tfcompress.conversion.fold import fold
from tfcompress.datasets.mnist import mnist
from tfcompress.export.pack import pack
from tfcompress.export.tflite import to_tflite
from tfcompress.export.unpack import unpack
from tfcompress.kernels.clustered import Clustered
from tfcompress.runtime.tflite_model import TFLiteModel
from tfcompress.schedules.polynomial import Polynomial

DESCRIPTION = (
    "Deep Compression of LeNet-300-100 on MNIST: trained for 20 epochs, pruned to the "
    "paper's shares in 20 more, 64 shared values a layer trained for 5 more (Adam 1e-3, "
    "cosine, L2 1e-4, chosen on 5,000 images held out); test error in percent of the "
    "last epoch, and of the files as they are read again. The archive holds the config "
    "and float32 biases too"
)

PAPER = {
    "error in percent": {"trained": 1.64, "archive": 1.58},
    "archive": {"float32 bytes": 1_070_000, "bytes": 27_000, "times smaller": 40},
}
VALUES = 64  # 6 bits in all three layers, as in the paper
EPOCHS = 20, 20, 5


def measure(fast: bool = False, seed: int = 0) -> dict:
    data = images(mnist(), fast)
    seeds = range(seed, seed + (1 if fast else 3))
    rows = {f"seed {one}": lambda one=one: _run(data, fast, one) for one in seeds}
    runs = cells.measured(
        "deep_compression", {"LeNet-300-100": rows}, fast=fast, seed=seed
    )["LeNet-300-100"]
    return by_table(runs, {"Han et al.": PAPER})


def by_table(runs, papers):
    """Returns tables of the rows of `runs`, their means and what `papers` say."""
    figures = {}
    for table, columns in next(iter(runs.values())).items():
        rows = {name: run[table] for name, run in runs.items()}
        if len(runs) > 1:
            rows["mean"] = {
                column: round(float(np.mean([row[column] for row in rows.values()])), 2)
                for column in columns
            }
        stated = {
            name: paper[table] for name, paper in papers.items() if table in paper
        }
        figures[table] = {**rows, **stated}
    return figures


def _run(data, fast, seed):
    keras.utils.set_random_seed(seed)
    training, test = data
    epochs = (1, 2, 1) if fast else EPOCHS
    model = lenet_300_100(decay=1e-4)
    train(model, training, epochs=epochs[0])
    errors = {"trained": error(model, test)}
    epoch = len(training[0]) // BATCH
    prunes = [
        PruneLowMagnitude(Polynomial(1 - share, end="50%", frequency=epoch), which=name)
        for name, share in KEPT["LeNet-300-100"].items()
    ]
    train(model, training, epochs=epochs[1], callbacks=prunes)
    errors["pruned"] = error(model, test)
    shared = convert(model, {"fc*": Clustered(codebook=VALUES)})
    errors["few values"] = error(shared, test)
    train(shared, training, epochs=epochs[2])
    errors["trained on"] = error(shared, test)
    return with_files(errors, fold(shared), test)


def with_files(errors, model, test):
    """Returns the tables of a run: errors, an archive, and files that LiteRT runs.

    To `errors` come those of the files as they are read again. The files leave zeros
    out; how few values there are, they do not know.
    """
    x, y = test
    raw = 4 * model.count_params()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        packed = pack(model, folder / "model.tfc")
        errors["archive"] = error(unpack(packed.path), test)
        archive = {
            "float32 bytes": raw,
            "bytes": packed.bytes,
            "times smaller": raw / packed.bytes,
            "of the entropy bound": packed.bytes / packed.entropy_bound,
        }
        files = {}
        for kind, quantize in (("float32", None), ("float16", "float16")):
            path = folder / f"{kind}.tflite"
            made = to_tflite(model, path, quantize=quantize)
            labels = TFLiteModel(path).predict(x, batch_size=1000).argmax(axis=-1)
            errors[f"{kind} .tflite"] = 100 * float(np.mean(labels != y))
            files[f"bytes, {kind}"] = made.bytes
            files[f"times smaller, {kind}"] = raw / made.bytes
    return {
        table: {column: round(value, 2) for column, value in row.items()}
        for table, row in {
            "error in percent": errors,
            "archive": archive,
            "sparse .tflite": files,
        }.items()
    }
