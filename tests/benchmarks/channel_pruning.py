"""Accuracy against width: channels pruned during fit, taken out, and run as files."""

import pathlib
import shutil
import tempfile

import keras
import numpy as np

import tfcompress as tfc

DESCRIPTION = (
    "Channels pruned while a trained network is fine-tuned, taken out by shrink: a "
    "convolutional network with batch normalization on 20,000 images of Fashion-MNIST, "
    "an LSTM on Speech Commands (a ResNet-8 is in `others_channels`); scores by norm and "
    "by Taylor expansion; Adam, its rate falling along a cosine in each training; "
    ".tflite (float32) beside the whole net's, batch 1, one thread; one seed"
)
# Each network is kept as soon as it is trained: a run that was cut is gone on with.
FOLDER = pathlib.Path("tfcompress-bench") / "channel_pruning"
SPARSITIES = (0.3, 0.5, 0.7)


def measure(fast: bool = False, seed: int = 0) -> dict:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name) if fast else FOLDER / f"seed_{seed}"
        figures = {
            name: _widths(make, folder / make.__name__.strip("_"), fast, seed)
            for name, make in (
                ("Fashion-MNIST, convolutions", _images),
                ("Speech Commands, LSTM", _speech),
            )
        }
        shutil.rmtree(folder)
        folder.mkdir()
    return figures


def _widths(make, folder, fast, seed):
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(seed)
    model, train, test, epochs, rate = make(fast)
    tune = max(1, epochs // 2)

    def whole():
        _compile(model, rate, train, epochs)
        model.fit(*train, batch_size=64, epochs=1 if fast else epochs, verbose=0)
        return model

    model = _kept(folder / "whole.keras", whole)
    nets = {"whole": model}
    # As many epochs more as the pruned ones get: else they would only be trained on.
    nets["whole, trained on"] = _kept(
        folder / "trained_on.keras", lambda: _tuned(model, train, rate, tune, fast, [])
    )
    for by in ("norm", "taylor"):
        for sparsity in SPARSITIES[1:2] if fast else SPARSITIES:
            schedule = tfc.schedules.Polynomial(
                sparsity, begin=0, end="60%", frequency=25
            )
            prune = tfc.callbacks.PruneChannels(schedule, by=by)
            nets[f"{by}, {sparsity:.0%} fewer"] = _kept(
                folder / f"{by}_{sparsity}.keras",
                lambda prune=prune: tfc.shrink(
                    _tuned(model, train, rate, tune, fast, [prune])
                ),
            )
    return _rows(nets, train, test)


def _kept(path, made):
    if not path.exists():
        made().save(path)
    return keras.models.load_model(path)


def _tuned(model, train, rate, epochs, fast, callbacks):
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    epochs = 1 if fast else epochs
    _compile(copy, rate, train, epochs)
    copy.fit(*train, batch_size=64, epochs=epochs, verbose=0, callbacks=callbacks)
    return copy


def _compile(model, rate, train, epochs):
    steps = epochs * -(-len(train[0]) // 64)
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )


def _rows(nets, train, test):
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for number, (name, net) in enumerate(nets.items()):
            path = pathlib.Path(folder, f"{number}.tflite")
            tfc.export.to_tflite(net, path, batch_size=1)
            files[name] = path
        faster = tfc.runtime.compare_latency(files, rounds=41)
        whole = files["whole"].stat().st_size
        return {
            name: {
                "accuracy %": round(100 * _accuracy(net, test), 2),
                "weights": net.count_params(),
                "bytes": files[name].stat().st_size,
                "times smaller": round(whole / files[name].stat().st_size, 2),
                "times faster": round(1 / faster.ratios[name], 2),
            }
            for name, net in nets.items()
        }


def _accuracy(net, test):
    x, y = test
    return float(np.mean(net.predict(x, 500, verbose=0).argmax(-1) == y.ravel()))


def _images(fast):
    data = tfc.datasets.load("fashion_mnist")
    count = 640 if fast else 20_000
    x, x_test = (part.reshape(-1, 28, 28, 1) for part in (data.x_train, data.x_test))
    layers = keras.layers
    net = [keras.Input((28, 28, 1))]
    for filters, strides in ((32, 1), (32, 2), (64, 1), (64, 2)):
        net += [
            layers.Conv2D(filters, 3, strides, "same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
        ]
    net += [layers.GlobalAveragePooling2D(), layers.Dense(64, "relu"), layers.Dense(10)]
    train = x[:count], data.y_train[:count]
    return keras.Sequential(net), train, (x_test, data.y_test), 6, 1e-3


def _speech(fast):
    data = tfc.datasets.load("speech_commands")
    count = 640 if fast else len(data.x_train)
    x, y = data.x_train[:count], data.y_train[:count]
    net = [keras.Input(x.shape[1:]), keras.layers.LSTM(96), keras.layers.Dense(5)]
    return keras.Sequential(net), (x, y), (data.x_test, data.y_test), 12, 3e-3
