"""DropNeuron on LeNet-300-100: its penalty, L1, and the proximal steps of both."""

import keras
import numpy as np
from penalized import chosen_threshold, cut, files, left, network

from tfcompress.constraints.proximal_step import ProximalStep
from tfcompress.datasets.mnist import mnist
from tfcompress.regularizers.sparse_group_lasso import SparseGroupLasso

DESCRIPTION = (
    "DropNeuron: LeNet-300-100 on MNIST, batch 256, 40 epochs (the paper: 100), 5000 "
    "training images held out for validation. Penalties: Adam, with the factors of the "
    "paper's code, weights zeroed below its threshold, 0.01, or below the largest that "
    "costs at most 0.1 points on the validation images. Proximal steps in their place: "
    "SGD 0.1 with momentum 0.9 and cosine decay, three strengths, tried on the "
    "validation images. The paper: none 1.19x at 98.12 %, L1 8.34x at 97.98 %, "
    "DropNeuron 10.09x at 98.17 %, 542 of 784 inputs, units 83-61"
)
LAYERS = ((300, "relu"), (100, "relu"), (10, None))
PAPER = 0.01
# li + lo + L1, each factor times the 0.1 of the code.
PENALTIES = {
    "none": None,
    "L1": SparseGroupLasso(0.0, l1=1e-5),
    "DropNeuron": SparseGroupLasso(5e-5, l1=1e-5, groups="both"),
}
STEPS = {
    f"proximal, norms {norms:g}, L1 {l1:g}": SparseGroupLasso(
        norms, l1=l1, groups="both"
    )
    for norms, l1 in ((5e-3, 1e-3), (1e-2, 1e-3), (1e-2, 2e-3))
}
EPOCHS = 40


def measure(fast: bool = False, seed: int = 0) -> dict:
    data = mnist()
    x, x_test = (part.reshape(-1, 784) for part in (data.x_train, data.x_test))
    held_out = 5000
    count = 2560 if fast else len(x) - held_out
    train = x[:count], data.y_train[:count]
    validation = x[-held_out:], data.y_train[-held_out:]
    test = x_test, data.y_test
    cuts, rows = {}, {}
    for name in [*PENALTIES, *STEPS]:
        keras.utils.set_random_seed(seed)
        epochs = 1 if fast else EPOCHS
        step = STEPS.get(name)
        optimizer = keras.optimizers.Adam(1e-3)
        if step:
            decay = keras.optimizers.schedules.CosineDecay(0.1, epochs * count // 256)
            optimizer = keras.optimizers.SGD(decay, momentum=0.9)
        model = network(
            784,
            LAYERS,
            optimizer,
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            penalty=PENALTIES.get(name),
            step=step and ProximalStep(step, learning_rate=optimizer),
        )
        model.fit(*train, batch_size=256, epochs=epochs, verbose=0)
        chosen = chosen_threshold(model, lambda m: accuracy(m, validation), 1e-3)
        first = 0.0 if step else PAPER
        for threshold in dict.fromkeys((first, chosen)):
            title = f"{name}, below {threshold:g}"
            cuts[title] = cut(model, threshold)
            rows[title] = {
                "accuracy before": round(100 * accuracy(model, test), 2),
                "accuracy %": round(100 * accuracy(cuts[title], test), 2),
                **left(cuts[title]),
            }
    return {"cut": rows, "units taken out, TFLite": files(cuts)}


def accuracy(model, examples):
    x, labels = examples
    return float(np.mean(model.predict(x, 1024, verbose=0).argmax(-1) == labels))
