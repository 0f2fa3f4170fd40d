"""Lottery tickets of LeNet-300-100 on MNIST, beside their controls."""

import pathlib

import keras
import numpy as np

import tfcompress as tfc

DESCRIPTION = (
    "Lottery tickets: LeNet-300-100, MNIST, 36% of each layer and round (output layer "
    "19%; two of the paper's rounds in one), Adam 1.2e-3, batch 60, Glorot normal, "
    "55,000 training images; shortened to 10,000 iterations of the paper's 50,000. Early "
    "stop: least loss on 5,000 held-out images, looked at every 100 iterations; test "
    "accuracy there. Means over 3 seeds"
)
BATCH, EVERY = 60, 100
# A search that was cut is gone on with.
FOLDER = pathlib.Path("tfcompress-bench") / "lottery_ticket"


def measure(fast: bool = False, seed: int = 0) -> dict:
    data = _data(5000 if fast else 55_000)
    searches = [
        tfc.find_ticket(
            _model,
            _fit(data, 200 if fast else 10_000),
            rounds=2 if fast else 7,
            fraction=0.36,
            scope=tfc.distributions.PerLayer({"output": 0.19}),
            controls=("reinitialized", "random_mask"),
            folder=None if fast else _folder(one),
            seed=one,
        )
        for one in range(seed, seed + (1 if fast else 3))
    ]
    return {
        what: {
            f"{100 * masks.density:.1f} %": {
                variant: _mean(searches, number, variant, value)
                for variant in ("ticket", "reinitialized", "random_mask")
                if number or variant == "ticket"
            }
            for number, masks in enumerate(searches[0].masks)
        }
        for what, value in (
            ("early-stop iteration", lambda one: one.early_stop),
            ("test accuracy %", lambda one: 100 * one.metrics["test_accuracy"]),
        )
    }


class _Test(keras.callbacks.Callback):
    """Notes the accuracy on test images where the validation loss is least so far."""

    def __init__(self, x, y):
        super().__init__()
        self.x, self.y, self.best = x, y, np.inf

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < self.best:
            self.best = logs["val_loss"]
            classes = np.argmax(self.model.predict_on_batch(self.x), axis=-1)
            self.accuracy = float(np.mean(classes == self.y))
        logs["test_accuracy"] = self.accuracy


def _data(size):
    data = tfc.datasets.load("mnist")
    x, x_test = (
        (images.reshape(len(images), -1) - 0.1307) / 0.3081
        for images in (data.x_train, data.x_test)
    )
    training, held_out = (
        (x[:size], data.y_train[:size]),
        (x[-5000:], data.y_train[-5000:]),
    )
    return training, held_out, (x_test, data.y_test)


def _model():
    init = "glorot_normal"
    layers = [
        keras.layers.Dense(300, "relu", kernel_initializer=init),
        keras.layers.Dense(100, "relu", kernel_initializer=init),
        keras.layers.Dense(10, kernel_initializer=init, name="output"),
    ]
    model = keras.Sequential([keras.Input((784,)), *layers])
    model.compile(
        keras.optimizers.Adam(1.2e-3),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        steps_per_execution=20,
    )
    return model


def _fit(data, iterations):
    import tensorflow as tf

    (x, y), held_out, test = data
    x, y = tf.constant(x), tf.constant(y)

    @tf.autograph.experimental.do_not_convert
    def chosen(rows):
        return tf.gather(x, rows), tf.gather(y, rows)

    def fit(model, callbacks, **options):
        batches = tf.data.Dataset.range(len(x)).shuffle(len(x)).repeat()
        batches = batches.batch(BATCH).map(chosen)
        return model.fit(
            batches.prefetch(4),
            steps_per_epoch=EVERY,
            epochs=iterations // EVERY,
            validation_data=held_out,
            validation_batch_size=1000,
            callbacks=[*callbacks, _Test(*test)],
            shuffle=False,  # the data set does that itself
            verbose=0,
            **options,
        )

    return fit


def _folder(seed):
    FOLDER.mkdir(parents=True, exist_ok=True)
    return FOLDER / f"seed_{seed}"


def _mean(searches, number, variant, value):
    values = [
        value(one)
        for search in searches
        for one in search.of(variant)
        if one.round == number
    ]
    return round(float(np.mean(values)), 2)
