"""Dense networks under penalties: how they are cut, and what is left of them."""

import itertools
import pathlib
import tempfile

import keras
import numpy as np

from tfcompress.export.tflite import to_tflite
from tfcompress.runtime.compare_latency import compare_latency
from tfcompress.surgery.shrink import shrink

THRESHOLDS = (0.0, 1e-4, 3e-4, 1e-3, 2e-3, 3e-3, 5e-3, 0.01, 0.015, 0.02, 0.03, 0.05)


def network(
    inputs, layers, optimizer, loss, penalty=None, step=None, bias=None, initial=None
):
    """Returns a compiled chain of dense layers; `layers`: (units, activation).

    `initial` gives the first weights; if None it is chosen by the activation.
    """
    dense = [
        keras.layers.Dense(
            units,
            activation,
            kernel_initializer=initial
            or ("he_normal" if activation == "relu" else "glorot_normal"),
            kernel_regularizer=penalty,
            kernel_constraint=step,
            bias_regularizer=bias,
        )
        for units, activation in layers
    ]
    model = keras.Sequential([keras.Input((inputs,)), *dense])
    model.compile(optimizer, loss, jit_compile=True)
    return model


def cut(model, threshold):
    """Returns a copy of `model` with every weight below `threshold` at zero."""
    copy = keras.models.clone_model(model)
    copy.set_weights(
        [
            np.where((np.abs(w) < threshold) & (w.ndim > 1), 0, w)
            for w in map(np.array, model.get_weights())
        ]
    )
    return copy


def chosen_threshold(model, score, allowed):
    """Returns the largest threshold that costs at most `allowed` of the `score`.

    `score` is one on validation data, the higher the better.
    """
    least = score(model) - allowed
    good = [t for t in THRESHOLDS if score(cut(model, t)) >= least]
    return max(good, default=0.0)


def left(model):
    """Returns what the zeros have left: single weights, inputs and units."""
    kernels = [np.array(layer.kernel) for layer in model.layers]
    size = sum(kernel.size for kernel in kernels)
    kept = sum(int(np.count_nonzero(kernel)) for kernel in kernels)
    # A unit is left if something goes in and something comes out.
    units = [
        int(np.count_nonzero(this.any(axis=0) & after.any(axis=1)))
        for this, after in itertools.pairwise(kernels)
    ]
    return {
        "weights kept %": round(100 * kept / size, 2),
        "times fewer": round(size / max(kept, 1), 2),
        "inputs": int(np.count_nonzero(kernels[0].any(axis=1))),
        "units": "-".join(map(str, units)),
    }


def files(models):
    """Returns the figures of `.tflite` files of `models`, beside the first of them.

    Of each the dead units are taken out. `bytes` are those of the plain file,
    `sparse bytes` of the one that leaves single zeros out, if that is smaller.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain, sparse = {}, {}
        for name, model in models.items():
            small = shrink(model)
            path = pathlib.Path(folder) / f"{len(plain)}.tflite"
            plain[name] = to_tflite(small, path, sparse=False)
            sparse[name] = to_tflite(small, path.with_stem(f"{path.stem}-sparse"))
        latency = compare_latency({name: r.path for name, r in plain.items()})
        first = next(iter(plain.values())).bytes
        return {
            name: {
                "bytes": plain[name].bytes,
                "times smaller": round(first / plain[name].bytes, 2),
                "times faster": round(1 / latency.ratios[name], 2),
                "sparse bytes": sparse[name].bytes,
                "times smaller, sparse": round(first / sparse[name].bytes, 2),
            }
            for name in models
        }
