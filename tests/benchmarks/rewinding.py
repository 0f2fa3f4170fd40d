"""Weight rewinding, learning-rate rewinding and fine-tuning, on a small conv net."""

import pathlib

import keras
import numpy as np

import tfcompress as tfc

DESCRIPTION = (
    "Rewinding after Renda et al.: conv net 16-32-64 on 20,000 images of Fashion-MNIST, "
    "SGD 0.05 (x0.1 after 6 and 9 of 12 epochs), Nesterov 0.9, batch 128; each round "
    "removes 60% of the weights left, global magnitude, and trains 9 epochs more, from "
    "epoch 3 on where it rewinds. Test accuracy at the end, means over 3 seeds"
)
WAYS = {
    "learning-rate rewinding": "learning_rate",
    "weight rewinding": "weights",
    "fine-tuning": None,
}
BATCH = 128
# A search that was cut is gone on with.
FOLDER = pathlib.Path("tfcompress-bench") / "rewinding"


def measure(fast: bool = False, seed: int = 0) -> dict:
    size, epochs, rounds = (256, 4, 1) if fast else (20_000, 12, 5)
    data = tfc.datasets.load("fashion_mnist")
    seeds = range(seed, seed + (1 if fast else 3))
    steps = -(-size // BATCH)
    rows = {}
    for name, rewind in WAYS.items():
        searches = [
            tfc.find_ticket(
                lambda: _model(steps, epochs),
                lambda model, **options: model.fit(
                    data.x_train[:size],
                    data.y_train[:size],
                    batch_size=BATCH,
                    epochs=epochs,
                    # Only its end is read: nothing is chosen by it.
                    validation_data=(data.x_test, data.y_test),
                    validation_batch_size=1000,
                    verbose=0,
                    **options,
                ),
                rounds=rounds,
                fraction=0.6,
                rewind_to=f"{epochs // 4} epochs",
                rewind=rewind,
                scope="global",
                folder=None if fast else _folder(name, one),
                seed=one,
            )
            for one in seeds
        ]
        for number, masks in enumerate(searches[0].masks):
            accuracies = [
                100 * search.trained[number].final["val_accuracy"]
                for search in searches
            ]
            row = rows.setdefault(f"{100 * masks.density:.1f} % left", {})
            row[name] = round(float(np.mean(accuracies)), 2)
    return {"test accuracy %": rows}


def _model(steps, epochs):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    rate = keras.optimizers.schedules.PiecewiseConstantDecay(
        [steps * epochs // 2, steps * epochs * 3 // 4], [0.05, 0.005, 0.0005]
    )
    model.compile(
        keras.optimizers.SGD(rate, momentum=0.9, nesterov=True),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def _folder(name, seed):
    FOLDER.mkdir(parents=True, exist_ok=True)
    return FOLDER / f"{name.replace(' ', '_')}_{seed}"
