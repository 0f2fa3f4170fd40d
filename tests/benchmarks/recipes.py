"""The recipes that come with the package, each on a network of its kind."""

import pathlib
import tempfile

import keras
from cells import measured
from lenets import lenet_5, lenet_300_100
from mistakes import fitted
from variants import lstm, resnet_8, transformer

import tfcompress as tfc

DESCRIPTION = (
    "`tfc.recipes.compress` on a trained network of each kind, with as many epochs as "
    "were trained before. Accuracies are of the files, on the test data; times of "
    "LiteRT, one example, both files side by side. `trained on`: the float32 network "
    "with as many epochs more"
)
# Data, network, epochs before and again.
CASES = {
    "dense: LeNet-300-100, MNIST": ("mnist", lenet_300_100, 12),
    "convolutional: LeNet-5, Fashion-MNIST": ("fashion_mnist", lenet_5, 4),
    "convolutional: ResNet-8, CIFAR-10 subset": ("cifar10_subset", resnet_8, 8),
    "recurrent: LSTM, Speech Commands": ("speech_commands", lstm, 12),
    "attention: Transformer, Speech Commands": ("speech_commands", transformer, 12),
}


def measure(fast: bool = False, seed: int = 0) -> dict:
    rows = {
        name: lambda case=case: _row(*case, fast, seed)
        for name, case in list(CASES.items())[: 1 if fast else None]
    }
    return measured("recipes", {"recipes": rows}, fast=fast, seed=seed)


def _row(name, network, epochs, fast, seed):
    keras.utils.set_random_seed(seed)
    data = tfc.datasets.load(name)
    count, epochs = (1000, 1) if fast else (None, epochs)
    train = data.x_train[:count], data.y_train[:count]
    test = data.x_test, data.y_test
    model = fitted(network(), train, epochs)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "small.tflite"
        done = tfc.recipes.compress(
            model, train, path, epochs=epochs, validation_data=test
        )
    more = fitted(model, train, epochs)
    right = more.predict(test[0], batch_size=500, verbose=0).argmax(-1) == test[1]
    return {
        "bytes before": done.bytes_before,
        "bytes": done.bytes,
        "times smaller": round(done.times_smaller, 1),
        "times faster": round(done.times_faster, 1),
        "accuracy before": round(100 * done.accuracy_before, 2),
        "accuracy": round(100 * done.accuracy, 2),
        "trained on": round(100 * float(right.mean()), 2),
    }
