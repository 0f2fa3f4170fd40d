"""Networks under byte budgets: tuned, with one ratio for all layers, by random search."""

import shutil

import keras
import keras_tuner
import numpy as np
from cells import FOLDER, measured
from keras import layers
from others import model_of

import tfcompress as tfc

DESCRIPTION = (
    "Networks under byte budgets, shares of the whole int8 file: `tune`, one ratio "
    "for all layers (the better of fewer units and low rank), and KerasTuner's random "
    "search over the same methods, with as many trials as `tune`. Each trial is trained "
    "for one epoch on the first 8,000 examples, with the network before as its teacher; "
    "all is chosen by 1,000 others; test accuracies in percent, of the files. Short "
    "trainings: the order is of interest, not the height. `nearest`: no trial was "
    "within the budget."
)
CNN_SHARES = 0.5, 0.25, 0.15
LSTM_SHARES = 0.8, 0.65, 0.5
RESNET_SHARES = (0.8,)
SHARES = {"speech_commands": LSTM_SHARES, "resnet8": RESNET_SHARES}
TRIALS = 4
# Networks, and the data of each. ResNet-8 is MLPerf Tiny's, as its authors trained it.
DATA = {
    "mnist": "mnist",
    "fashion_mnist": "fashion_mnist",
    "speech_commands": "speech_commands",
    "resnet8": "cifar10_subset",
}
METHODS = tfc.methods.Units(), tfc.methods.Converted(tfc.kernels.LowRank)


def measure(fast: bool = False, seed: int = 0) -> dict:
    """Returns a table for each network, and the points of all trials."""
    folder = FOLDER.parent / f"tune_budgets-{seed}{'-fast' if fast else ''}"
    folder.mkdir(parents=True, exist_ok=True)
    names = ["digits"] if fast else list(DATA)
    bench = {name: Network(name, folder, fast, seed) for name in names}
    tables = {}
    for name, network in bench.items():
        shares = SHARES.get(name, CNN_SHARES)
        rows = {"before, float32": network.before, "whole, int8": network.whole}
        for share in shares[:1] if fast else shares:
            for way in (network.tune, network.uniform, network.random):
                label = f"{share:g} of it, {way.__name__}"
                rows[label] = lambda way=way, share=share: way(share)
        tables[name] = rows
    figures = measured("tune_budgets", tables, fast=fast, seed=seed)
    shutil.rmtree(folder)
    return figures


class Network:
    """One trained network, and the ways to compress it."""

    def __init__(self, name, folder, fast, seed):
        self.name, self.fast, self.seed = name, fast, seed
        self.folder = folder / name
        self._loaded = None

    def before(self):
        return self._row(*self._file(None))

    def whole(self):
        return self._row(*self._file("dynamic"))

    def tune(self, share):
        data, validation, _, model = self._parts()
        tuning = tfc.tune(
            model,
            data,
            budget=self._budget(share),
            validation_data=validation,
            folder=self._place("tune", share),
            trials=self._trials(),
            epochs=1,
            candidates=9 if self.fast else 21,
            seed=self.seed,
        )
        return self._best(tuning.trials)

    def uniform(self, share):
        data, validation, _, model = self._parts()
        trials = []
        for method in METHODS:
            # One candidate: that with one ratio for all.
            tuning = tfc.tune(
                model,
                data,
                budget=self._budget(share),
                validation_data=validation,
                folder=self._place(f"uniform {method}", share),
                methods=[method],
                trials=1,
                epochs=1,
                candidates=1,
                seed=self.seed,
            )
            trials += tuning.trials
        return self._best(trials)

    def random(self, share):
        data, validation, _, model = self._parts()
        place = self._place("random", share)
        hyper = tfc.tuner.CompressionHyperModel(
            model,
            data,
            budget=self._budget(share),
            folder=place,
            validation_data=validation,
        )
        search = keras_tuner.RandomSearch(
            hyper,
            hyper.objective,
            max_trials=self._trials(),
            seed=self.seed,
            max_consecutive_failed_trials=self._trials(),
            directory=str(place),
            project_name="search",
        )
        search.search(epochs=1, verbose=0)
        return self._best(hyper.trials())

    def _trials(self):
        return 2 if self.fast else TRIALS

    def _place(self, way, share):
        place = self.folder / f"{way} {share:g}"
        place.mkdir(parents=True, exist_ok=True)
        return place

    def _budget(self, share):
        return tfc.tuner.Budget(bytes=int(share * self._file("dynamic")[0].bytes))

    def _file(self, quantize):
        *_, model = self._parts()
        path = self.folder / f"{quantize}.tflite"
        return tfc.export.to_tflite(model, path, quantize=quantize), path

    def _row(self, made, path, **more):
        data = self._parts()[2]
        accuracy = tfc.runtime.TFLiteModel(path).evaluate(*data)
        return {"test accuracy": round(100 * accuracy, 2), "bytes": made.bytes, **more}

    def _best(self, trials):
        done = [trial for trial in trials if not trial.fault]
        best = max(done, key=lambda trial: trial.score)
        points = sorted((t.bytes, round(100 * t.accuracy, 2)) for t in done)
        return self._row(
            best,
            best.path,
            budget="met" if best.within else "nearest",
            within=f"{sum(t.within for t in done)} of {len(trials)}",
            trials="; ".join(f"{size:,}: {right:g}" for size, right in points),
        )

    def _parts(self):
        """Data to train on, to choose by and to test on, and the trained network."""
        if self._loaded is None:
            data = tfc.datasets.load(DATA.get(self.name, self.name))
            count = 1000 if self.fast else 8000
            order = np.random.default_rng(self.seed).permutation(len(data.x_train))
            x, y = data.x_train[order], data.y_train[order]
            held = 200 if self.fast else 1000
            train = x[:count], y[:count]
            validation = x[count : count + held], y[count : count + held]
            test = data.x_test, data.y_test
            if self.name == "resnet8":  # It was trained on images from 0 to 255.
                train, validation, test = (
                    (255 * x, y) for x, y in (train, validation, test)
                )
            self._loaded = train, validation, test, self._trained(*train)
        return self._loaded

    def _trained(self, x, y):
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "before.keras"
        if not path.exists():
            keras.utils.set_random_seed(self.seed)
            if self.name == "resnet8":
                model = compiled(model_of("resnet8"))
            else:
                model = lstm(x.shape[1:]) if x.ndim == 3 else cnn(x.shape[1:])
                epochs = 12 if x.ndim == 3 else 6
                model.fit(x, y, batch_size=64, epochs=epochs, verbose=0)
            model.save(path)
        return keras.models.load_model(path)


def cnn(shape):
    small = shape[0] < 20
    return compiled(
        keras.Sequential(
            [
                keras.Input(shape),
                layers.Conv2D(16, 3, activation="relu", name="conv1"),
                *([] if small else [layers.MaxPooling2D()]),
                layers.Conv2D(32, 3, activation="relu", name="conv2"),
                layers.MaxPooling2D(),
                layers.Flatten(),
                layers.Dense(64, "relu", name="dense"),
                layers.Dense(10, "softmax", name="classes"),
            ]
        )
    )


def lstm(shape):
    return compiled(
        keras.Sequential(
            [
                keras.Input(shape),
                layers.LSTM(96, name="lstm"),
                layers.Dense(48, "relu", name="dense"),
                layers.Dense(5, "softmax", name="classes"),
            ]
        )
    )


def compiled(model):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
