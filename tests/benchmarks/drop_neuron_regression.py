"""DropNeuron on a sparse linear regression, which it should find exactly."""

import keras
import numpy as np
from penalized import chosen_threshold, cut, left, network

from tfcompress.constraints.proximal_step import ProximalStep
from tfcompress.regularizers.sparse_group_lasso import SparseGroupLasso

DESCRIPTION = (
    "DropNeuron: sparse regression with a linear net 20-5-1, 1000 normal samples of "
    "which 200 are for validation, 2 of 20 features in the target (weights 1 and -1, "
    "noise 0.01); Adam 0.01 with cosine decay, batch 100, 300 epochs; 1000 test "
    "samples; NMSE is the mean squared error over the target's mean square. Thresholds "
    "are the largest that cost at most 1e-4 of NMSE on the validation samples. The "
    "paper: 3 of 105 weights, 35x, NMSE 3.6e-4"
)
PENALTIES = {
    "none": None,
    "L1": SparseGroupLasso(0.0, l1=1e-3),
    "DropNeuron": SparseGroupLasso(1e-3, l1=1e-3, groups="both"),
}
STEPS = {"DropNeuron, proximal": SparseGroupLasso(0.3, l1=0.1, groups="both")}


def measure(fast: bool = False, seed: int = 0) -> dict:
    random = np.random.default_rng(seed)
    x = random.normal(size=(2000, 20)).astype("float32")
    y = x[:, 3:4] - x[:, 11:12] + 0.01 * random.normal(size=(2000, 1))
    train, validation, test = (
        (x[i], y[i]) for i in np.split(np.arange(2000), [800, 1000])
    )
    rows = {}
    for name in [*PENALTIES, *STEPS]:
        keras.utils.set_random_seed(seed)
        epochs = 3 if fast else 300
        optimizer = keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(0.01, 8 * epochs)
        )
        step = STEPS.get(name)
        model = network(
            20,
            ((5, None), (1, None)),
            optimizer,
            "mse",
            penalty=PENALTIES.get(name),
            step=step and ProximalStep(step, learning_rate=optimizer),
        )
        model.fit(*train, batch_size=100, epochs=epochs, verbose=0)
        threshold = chosen_threshold(model, lambda m: -nmse(m, validation), 1e-4)
        small = cut(model, threshold)
        rows[name] = {
            "threshold": threshold,
            "NMSE before": nmse(model, test),
            "NMSE": nmse(small, test),
            "weights": sum(
                int(np.count_nonzero(layer.kernel)) for layer in small.layers
            ),
            **left(small),
        }
    return rows


def nmse(model, examples):
    x, y = examples
    return float(np.mean((model.predict(x, verbose=0) - y) ** 2) / np.mean(y**2))
