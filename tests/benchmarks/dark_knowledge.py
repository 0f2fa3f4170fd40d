"""Hashed networks of 1/64 on MNIST, with and without a teacher."""

import keras
from mistakes import fitted, percent_wrong

import tfcompress as tfc

DESCRIPTION = (
    "Test error (%) on MNIST of 784-1000-10 hashed to 1/64, and of a dense network of "
    "its size, alone and taught by the full network (Adam, batch 128; the paper's "
    "figures were tuned by cell)"
)
PAPER = {
    "dense of equal size": 6.28,
    "dense of equal size, taught": 6.32,
    "hashed": 2.79,
    "hashed, taught": 2.65,
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    keras.utils.set_random_seed(seed)
    data = tfc.datasets.mnist()
    size, epochs = (2000, 1) if fast else (60_000, 20)
    x, y = data.x_train[:size], data.y_train[:size]
    teacher = fitted(_network(1000, dropout=0.5), (x, y), epochs)
    taught = tfc.datasets.with_teacher((x, y), teacher)
    distill = tfc.callbacks.Distill(temperature=4.0, alpha=0.9)
    hashed = _hashed(seed)
    units = max(1, (hashed.count_params() - 10) // (784 + 1 + 10))
    makers = {
        "dense of equal size": lambda: _network(units),
        "hashed": lambda: _hashed(seed),
    }
    figures = {"teacher": {"weights": teacher.count_params()}}
    figures["teacher"]["error"] = percent_wrong(teacher, data)
    for name, make in makers.items():
        runs = {
            name: fitted(make(), (x, y), epochs),
            f"{name}, taught": fitted(make(), taught, epochs, distill),
        }
        for run, model in runs.items():
            figures[run] = {
                "weights": model.count_params(),
                "error": percent_wrong(model, data),
                "paper": PAPER[run],
            }
    return figures


def _network(units, dropout=0.0):
    hidden = keras.layers.Dense(units, "relu")
    return _chain(hidden, keras.layers.Dropout(dropout), keras.layers.Dense(10))


def _hashed(seed):
    options = {"ratio": 1 / 64}
    hidden = tfc.layers.HashedDense(1000, "relu", seed=seed, **options)
    return _chain(hidden, tfc.layers.HashedDense(10, seed=seed + 1, **options))


def _chain(*layers):
    first = [keras.Input((28, 28, 1)), keras.layers.Flatten()]
    return keras.Sequential([*first, *layers])
