"""Error against the share of weights that are learned, by the dictionary (Denil)."""

import functools

import keras

import tfcompress as tfc

DESCRIPTION = (
    "MNIST 784-500-500-10: error by dictionary and share of weights learned, 3 epochs; "
    "bumps are half as wide as their atoms lie apart, and no less than a pixel"
)
EPOCHS = 3
SHARES = (0.02, 0.05, 0.25)


def measure(fast: bool = False, seed: int = 0) -> dict:
    """Test errors in percent after the last epoch; nothing is chosen by them.

    The first hidden layer has the dictionary; the second has random atoms, in all rows
    alike; the softmax layer is whole. All rows have the same number of atoms.
    """
    data = tfc.datasets.load("digits" if fast else "mnist")
    figures = {}
    for share in SHARES[-1:] if fast else SHARES:
        rows = {
            name: error(data, share, rule, seed, epochs=1 if fast else EPOCHS)
            for name, rule in rules(data, seed, share).items()
        }
        figures[f"{share:.0%} learned"] = rows
    dense = error(data, None, None, seed, epochs=1 if fast else EPOCHS)
    return {"all learned": {"dense": dense}, **figures}


def rules(data, seed, share):
    grid = data.x_train.shape[1:3]
    wide = {"grid": grid, "scale": max(1.0, share**-0.5 / 2)}
    pixels = data.x_train[:10_000].reshape(len(data.x_train[:10_000]), -1)
    d = tfc.dictionaries
    return {
        "random": d.Random(seed=seed),
        "sketch": d.Sketch(seed=seed),
        "cosine": d.Cosine(grid=grid),
        "gaussian": d.Gaussian(**wide, seed=seed),
        "gaussian, 2 columns": [d.Gaussian(**wide, seed=seed + k) for k in range(2)],
        "kernel ridge": d.KernelRidge(**wide, seed=seed),
        "covariance": d.Covariance(pixels),
    }


def error(data, share, rule, seed, epochs):
    keras.utils.set_random_seed(seed)
    layer = functools.partial(keras.layers.Dense, activation="relu")
    first = second = None
    if share is not None:
        # Of the matrix: atoms of data are stored besides, and not counted here.
        kernel = functools.partial(tfc.kernels.Dictionary, ratio=share, must_pay=False)
        first = kernel(dictionary=rule)
        second = kernel(dictionary=tfc.dictionaries.Random(seed=seed + 1))
        layer = functools.partial(tfc.layers.CompressedDense, activation="relu")
    hidden = [
        layer(500) if kernel is None else layer(500, kernel=kernel)
        for kernel in (first, second)
    ]
    model = keras.Sequential(
        [
            keras.Input(data.x_train.shape[1:]),
            keras.layers.Flatten(),
            *hidden,
            keras.layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
    model.fit(data.x_train, data.y_train, 100, epochs, verbose=0)
    _, accuracy = model.evaluate(data.x_test, data.y_test, 1000, verbose=0)
    return round(100 * (1 - accuracy), 2)
