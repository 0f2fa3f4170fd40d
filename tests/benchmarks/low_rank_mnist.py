"""A trained network cut to low rank and fine-tuned, against the fixed random factor."""

import keras

import tfcompress as tfc

DESCRIPTION = "MNIST 784-1000-10 in low rank: from the trained layer, with fine-tuning"
RATIOS = {"1/8": 1 / 8, "1/64": 1 / 64}


def measure(fast: bool = False, seed: int = 0) -> dict:
    """Test errors in percent after the last epoch; nothing is chosen by them.

    `rank` follows from the ratio. `random factor` is what is called low-rank
    decomposition in the paper of HashedNets: one factor fixed and random, and the
    other, of as many numbers, trained from scratch.
    """
    keras.utils.set_random_seed(seed)
    data = tfc.datasets.load("digits" if fast else "mnist")
    epochs = 1 if fast else 15
    model = network(data)
    fit(model, data, epochs)
    figures = {"dense": {"error": error(model, data)}}
    for name, ratio in RATIOS.items():
        ratio = max(ratio, 0.05) if fast else ratio
        low = {"hidden": tfc.kernels.LowRank(ratio=ratio)}
        by_weights = tfc.convert(model, low)
        by_outputs = tfc.convert(model, low, inputs=data.x_train[:2000])
        figures[name] = {
            "rank": by_weights.get_layer("hidden").kernels["kernel"].factor_rank,
            "fitted to weights": error(by_weights, data),
            "fitted to outputs": error(by_outputs, data),
        }
        fit(by_outputs, data, epochs)
        figures[name]["fine-tuned"] = error(by_outputs, data)
        random = tfc.dictionaries.Random(seed=seed)
        fixed = tfc.kernels.Dictionary(ratio=ratio, dictionary=random)
        scratch = tfc.convert(model, {"hidden": fixed}, fit_weights=False)
        fit(scratch, data, epochs)
        figures[name]["random factor"] = error(scratch, data)
    return figures


def network(data):
    return keras.Sequential(
        [
            keras.Input(data.x_train.shape[1:]),
            keras.layers.Flatten(),
            keras.layers.Dense(1000, "relu", name="hidden"),
            keras.layers.Dropout(0.25),
            keras.layers.Dense(10),
        ]
    )


def fit(model, data, epochs):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    steps = epochs * (len(data.x_train) // 100)
    rate = keras.optimizers.schedules.CosineDecay(1e-3, steps)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    model.fit(data.x_train, data.y_train, 100, epochs, verbose=0)


def error(model, data):
    metric = keras.metrics.SparseCategoricalAccuracy()
    metric.update_state(data.y_test, model.predict(data.x_test, 1000, verbose=0))
    return round(100 * (1 - float(metric.result())), 2)
