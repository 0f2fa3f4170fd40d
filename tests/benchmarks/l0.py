"""L0 gates on LeNet-300-100 and LeNet-5."""

import keras
import numpy as np
from mnist_networks import error, images, lenet_5, lenet_300_100, weights_kept
from penalized import files

from tfcompress.callbacks.watch_sparsity import WatchSparsity
from tfcompress.conversion.fold import fold
from tfcompress.kernels.full import Full
from tfcompress.kernels.hard_concrete import HardConcrete

EPOCHS = 200
DESCRIPTION = (
    "L0 gates on MNIST with the settings of the paper's code, nothing chosen: strength "
    "0.1 / 60000, weight decay 5e-4, gates of the inputs of dense layers and of filters, "
    f"Adam 1e-3, batch 100, {EPOCHS} epochs, averaged weights (0.999). Left: inputs of "
    "each layer, filters for convolutions. The paper, LeNet-5 from 20-50-800-500: "
    "20-25-45-462 at 0.9 %, with a strength for each layer 9-18-65-25 at 1.0 %"
)


def measure(fast: bool = False, seed: int = 0) -> dict:
    data = images(fast)
    plain, rows = {}, {}
    for name, network in NETWORKS.items():
        for kind, kernel in (("plain", lambda *_: Full()), ("L0", _gates)):
            keras.utils.set_random_seed(seed)
            model = _trained(network(kernel), data, fast, kind)
            title = f"{name}, {kind}"
            plain[title] = fold(model)
            rows[title] = {
                "error %": error(plain[title], data),
                "left": "-".join(map(str, _left(plain[title]))),
                **weights_kept(plain[title]),
            }
    sizes = {}
    for name in NETWORKS:
        ours = {title: m for title, m in plain.items() if title.startswith(f"{name},")}
        sizes.update(files(ours))
    return {"trained": rows, "units taken out, TFLite": sizes}


NETWORKS = {"LeNet-300-100": lenet_300_100, "LeNet-5": lenet_5}


def _gates(groups, first):
    return HardConcrete(
        groups=groups,
        strength=0.1 / 60000,
        weight_decay=5e-4,
        drop_rate=0.2 if first and groups == "input" else 0.5,
    )


def _trained(model, data, fast, kind):
    optimizer = keras.optimizers.Adam(1e-3, use_ema=True, ema_momentum=0.999)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer, loss, jit_compile=True)
    watch = [WatchSparsity()] if kind == "L0" else []
    model.fit(
        data.x_train,
        data.y_train,
        batch_size=100,
        epochs=1 if fast else EPOCHS,
        callbacks=watch,
        verbose=0,
    )
    return model


def _left(model):
    """The inputs of dense layers, and the filters of convolutions, that are read."""
    kernels = [np.array(v) for v in model.trainable_variables if len(v.shape) > 1]
    return [
        int(k.any(axis=1).sum() if k.ndim == 2 else k.any(axis=(0, 1, 2)).sum())
        for k in kernels
    ]
