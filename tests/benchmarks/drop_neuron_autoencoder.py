"""DropNeuron on an autoencoder of MNIST."""

import keras
import numpy as np
from penalized import chosen_threshold, cut, files, left, network

from tfcompress.constraints.proximal_step import ProximalStep
from tfcompress.datasets.mnist import mnist
from tfcompress.regularizers.sparse_group_lasso import SparseGroupLasso

DESCRIPTION = (
    "DropNeuron: autoencoder 784-128-64-128-784 of MNIST (ReLU, sigmoid at the end), "
    "mean squared error, Adam, batch 256, 50 epochs, weights from N(0, 0.01) as in the "
    "paper's code; 5000 training images held out for validation. NMSE is the squared "
    "error over the images' squares. DropNeuron with the factors of the paper's code and "
    "its threshold, 0.005, or the largest that costs at most 2 % of the error on the "
    "validation images; the proximal step, not tuned. The paper: 5.13x at an error of "
    "0.0121, called NMSE there, 0.0312 without penalty"
)
LAYERS = ((128, "relu"), (64, "relu"), (128, "relu"), (784, "sigmoid"))
PAPER = 0.005
PENALTIES = {
    "none": None,
    "DropNeuron": SparseGroupLasso(1e-6, l1=1e-6, groups="both"),
}
STEPS = {"proximal": SparseGroupLasso(0.3, l1=0.1, groups="both")}


def measure(fast: bool = False, seed: int = 0) -> dict:
    data = mnist()
    x, test = (part.reshape(-1, 784) for part in (data.x_train, data.x_test))
    train, validation = x[: 2560 if fast else -5000], x[-5000:]
    cuts, rows = {}, {}
    for name in [*PENALTIES, *STEPS]:
        keras.utils.set_random_seed(seed)
        optimizer = keras.optimizers.Adam(1e-3)
        step = STEPS.get(name)
        model = network(
            784,
            LAYERS,
            optimizer,
            "mse",
            penalty=PENALTIES.get(name),
            step=step and ProximalStep(step, learning_rate=optimizer),
            initial=keras.initializers.RandomNormal(stddev=0.01),
        )
        model.fit(train, train, batch_size=256, epochs=1 if fast else 50, verbose=0)
        allowed = 0.02 * nmse(model, validation)
        chosen = chosen_threshold(model, lambda m: -nmse(m, validation), allowed)
        first = 0.0 if step else PAPER
        for threshold in dict.fromkeys((first, chosen)):
            title = f"{name}, below {threshold:g}"
            cuts[title] = cut(model, threshold)
            error = nmse(cuts[title], test)
            rows[title] = {
                "NMSE before": round(nmse(model, test), 4),
                "NMSE": round(error, 4),
                "MSE": round(error * float(np.mean(test**2)), 4),
                **left(cuts[title]),
            }
    return {"cut": rows, "units taken out, TFLite": files(cuts)}


def nmse(model, images):
    error = np.mean((model.predict(images, 1024, verbose=0) - images) ** 2)
    return float(error / np.mean(images**2))
