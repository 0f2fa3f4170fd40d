"""LeNet-300-100 on MNIST made as small and as fast as it goes, beside two baselines."""

import math
import pathlib
import shutil
import statistics

import keras
import numpy as np
from cells import FOLDER, measured
from distorted_mnist import Digits

import tfcompress as tfc

DESCRIPTION = (
    "LeNet-300-100 on MNIST, compressed and packed, against 784-300-100-10 in float32, "
    "plain and trained on distorted images; mean of three seeds, half the epochs of "
    "`headline_full`. Chosen on 5,000 images held out; batch 1"
)

RAW = 4 * (784 * 300 + 300 + 300 * 100 + 100 + 100 * 10 + 10)
COPIES = 12
# Bits of a weight, of which two are ternary, and what `network` takes.
FILES = {
    "400-108-48-10, 2 bits": (2, (4, (108, 48, 10))),
    "484-224-64-10, 2 bits": (2, (3, (224, 64, 10))),
    "784-300-100-10, 2 bits": (2, (0, (300, 100, 10))),
    "400-(24)-300-(24)-100-10, 2 bits": (2, (4, (-24, 300, -24, 100, 10))),
    "484-128-64-10, 4 bits": (4, (3, (128, 64, 10))),
    "144-192-48-10, 4 bits": (4, (2, (192, 48, 10), 2)),
}
KERNELS = {2: tfc.kernels.Ternary(), 4: tfc.kernels.Quantized(bits=4)}
# The same, and weights kept; zeros and eight values in the archive, four in the last layer.
ARCHIVES = {
    "484-100-50-10": (3, (100, 50, 10), 5300),
    "784-300-100-10": (0, (300, 100, 10), 5320),
    "576-250-80-10": (2, (250, 80, 10), 24000),
}
OUTPUT_SHARE = 0.04  # of the weights kept
BIAS_LEVELS = 31  # on each side of zero


def measure(fast: bool = False, seed: int = 0, seeds: int = 3, epochs: float = 0.5):
    """Args: `epochs` is the share of the epochs of the whole recipe."""
    seeds = [seed] if fast else [*range(seed, seed + seeds)]
    run = Run(
        Digits(2 if fast else COPIES, 1500 if fast else None), seeds, fast, epochs
    )
    tables = {}
    for one in seeds:
        rows = {"plain": run.plain, "distorted": run.distorted}
        tables[f"baselines {one}"] = {n: _cell(f, one) for n, f in rows.items()}
    for one in seeds:
        rows = {name: _cell(run.file, name, one) for name in FILES}
        tables[f"files {one}"] = rows
        rows = {name: _cell(run.archive, name, one) for name in ARCHIVES}
        tables[f"archives {one}"] = rows
    tables["latency"] = {"ratios": run.latency_ratios}
    name = f"headline-{len(seeds)}-{epochs:g}"
    figures = measured(name, tables, fast=fast, seed=seed)
    shutil.rmtree(run.folder)
    return _summary(figures, seeds)


def _cell(function, *arguments):
    return lambda: function(*arguments)


class Run:
    """The trainings of the benchmark, whose models are kept until its end."""

    def __init__(self, digits, seeds, fast, epochs):
        self.digits, self.seeds = digits, seeds
        self.share = 0.03 if fast else epochs
        # A short run has few steps; the masks need some.
        self.frequency = 1 if fast else 50
        self.batch = 128 if fast else 512
        name = f"headline-models-{seeds[0]}-{len(seeds)}-{self.share:g}"
        self.folder = FOLDER / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.logits = None

    def plain(self, seed):
        return self._baseline("plain", seed, (0.2, 0.5, 0.3), 60, copies=1)

    def distorted(self, seed):
        return self._baseline("distorted", seed, (0, 0.1, 0.1), 70, copies=None)

    def file(self, name, seed):
        """A student whose weights have few bits after 30 % of its training."""
        bits, arguments = FILES[name]
        keras.utils.set_random_seed(seed)
        model, epochs = network(*arguments), self._epochs(60)
        float_epochs = math.ceil(0.3 * epochs)
        data = self._taught(seed)
        self._fit(model, data, 4e-3, epochs, until=float_epochs)
        model = tfc.convert(model, {keras.layers.Dense: KERNELS[bits]})
        self._fit(model, data, 4e-3, epochs, begin=float_epochs)
        path = self._path(name, seed, "tflite")
        result = tfc.export.to_tflite(model, path, quantize="kernels", batch_size=1)
        return self._scores(tfc.runtime.TFLiteModel(path), result.bytes)

    def archive(self, name, seed):
        """A student that is pruned, then clustered; in place where the shape allows."""
        crop, units, kept = ARCHIVES[name]
        keras.utils.set_random_seed(seed)
        model = network(crop, units)
        in_place = (crop, units[:2]) == (0, (300, 100))
        if in_place:
            trained = keras.models.load_model(self._path("distorted", seed, "keras"))
            model.set_weights(trained.get_weights())
        data = self._taught(seed)
        rate, begin, end = (2e-3, 0, "60%") if in_place else (3e-3, "10%", "68%")
        sizes = [math.prod(layer.kernel.shape) for layer in _dense(model)]
        last = OUTPUT_SHARE * kept / sizes[-1]
        hidden = (1 - OUTPUT_SHARE) * kept / sum(sizes[:-1])
        ramp = {"begin": begin, "end": end, "frequency": self.frequency}
        prune = [
            tfc.callbacks.PruneLowMagnitude(
                tfc.schedules.Polynomial(1 - hidden, **ramp),
                which="hidden_*",
                scope="global",
            ),
            tfc.callbacks.PruneLowMagnitude(
                tfc.schedules.Polynomial(max(0, 1 - last), **ramp), which="output"
            ),
        ]
        epochs = self._epochs(50 if in_place else 60)
        self._fit(model, data, rate, epochs, callbacks=prune)
        rules = {
            "hidden_*": tfc.kernels.Clustered(codebook=9),
            "output": tfc.kernels.Clustered(codebook=5),
        }
        model = tfc.convert(tfc.shrink(model), rules)
        self._fit(model, data, 1e-3, self._epochs(15))
        model = tfc.fold(model)
        _round_biases(model)
        path = self._path(name, seed, "tfc")
        result = tfc.export.pack(model, path)
        again = tfc.export.unpack(path)
        left = sum(int(np.count_nonzero(layer.kernel)) for layer in _dense(again))
        return {**self._scores(again, result.bytes), "weights left": left}

    def latency_ratios(self):
        """Times of one call of the first seed's files, in those of the plain one."""
        names = ["plain", *FILES]
        paths = {name: self._path(name, self.seeds[0], "tflite") for name in names}
        return tfc.runtime.compare_latency(paths, rounds=81).ratios

    def _baseline(self, name, seed, dropout, epochs, copies):
        keras.utils.set_random_seed(seed)
        model = network(0, (300, 100, 10), dropout=dropout)
        data = self.digits.batches(copies=copies, size=self.batch // 2, seed=seed)
        self._fit(model, data, 2e-3, self._epochs(epochs), taught=False)
        # Without dropout: what a student in place begins with, and what a file holds.
        trained = network(0, (300, 100, 10))
        trained.set_weights(model.get_weights())
        trained.save(self._path(name, seed, "keras"))
        path = self._path(name, seed, "tflite")
        result = tfc.export.to_tflite(trained, path, batch_size=1)
        return self._scores(tfc.runtime.TFLiteModel(path), result.bytes)

    def _taught(self, seed):
        """Batches with the mean logits of the baselines that saw distorted images."""
        if self.logits is None:
            teachers = [
                keras.models.load_model(self._path("distorted", one, "keras"))
                for one in self.seeds
            ]
            self.logits = np.stack(
                [self._asked(teachers, copy) for copy in self.digits.copies]
            )
        return self.digits.batches(logits=self.logits, size=self.batch, seed=seed)

    def _asked(self, teachers, copy):
        x = copy[..., None].astype("float32") / 255
        logits = [teacher.predict(x, 1000, verbose=0) for teacher in teachers]
        return np.mean(logits, axis=0).astype("float16")

    def _epochs(self, whole):
        return max(2, round(self.share * whole))

    def _fit(
        self,
        model,
        data,
        rate,
        epochs,
        *,
        begin=0,
        until=None,
        callbacks=(),
        taught=True,
    ):
        """Trains from epoch `begin` to `until`, of `epochs` for the learning rate."""
        steps = epochs * len(data)
        falling = keras.optimizers.schedules.CosineDecay(
            0.0, steps, warmup_target=rate, warmup_steps=steps // 50
        )
        optimizer = keras.optimizers.Adam(falling)
        optimizer.iterations.assign(begin * len(data))
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizer, loss, jit_compile=False, steps_per_execution=5)
        if taught:
            teach = tfc.callbacks.Distill(temperature=2.0, alpha=0.9)
            callbacks = [*callbacks, teach]
        span = {"initial_epoch": begin, "epochs": until or epochs}
        model.fit(data, callbacks=callbacks, verbose=0, shuffle=False, **span)

    def _scores(self, model, size):
        scores = {"bytes": size}
        for name in ("test", "validation"):
            x, y = getattr(self.digits, name)
            right = model.predict(x, 1000, verbose=0).argmax(-1) == y
            scores[name] = round(100 * float(np.mean(right)), 2)
        return scores

    def _path(self, name, seed, suffix) -> pathlib.Path:
        return self.folder / f"{name}-{seed}.{suffix}"


def network(crop, units, pool=1, dropout=()):
    """Returns the network; a negative number of units is a factor of low rank."""
    layers = [keras.Input((28, 28, 1))]
    layers += [keras.layers.Cropping2D(crop)] if crop else []
    layers += [keras.layers.AveragePooling2D(pool)] if pool > 1 else []
    rates = [*dropout, *[0] * (len(units) + 1)]
    layers += [keras.layers.Flatten(), *_dropout(rates[0])]
    for number, width in enumerate(units[:-1]):
        linear = width < 0
        layers.append(
            keras.layers.Dense(
                abs(width),
                None if linear else "relu",
                use_bias=not linear,
                kernel_initializer="he_normal",
                name=f"hidden_{number}",
            )
        )
        layers += _dropout(rates[number + 1])
    return keras.Sequential([*layers, keras.layers.Dense(units[-1], name="output")])


def _dropout(rate):
    return [keras.layers.Dropout(rate)] if rate else []


def _dense(model):
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]


def _round_biases(model):
    """Rounds the biases of each layer to 63 even levels, which the archive makes use of."""
    for layer in _dense(model):
        bias = layer.bias.numpy()
        step = np.float32(np.abs(bias).max() / BIAS_LEVELS) or np.float32(1)
        layer.bias.assign(np.rint(bias / step) * step)


def _summary(figures, seeds):
    plain, distorted = (
        _means([figures[f"baselines {seed}"][name] for seed in seeds])
        for name in ("plain", "distorted")
    )
    summary = {"float32": {"plain": plain, "distorted images": distorted}}
    for kind, size in (("files", plain["bytes"]), ("archives", RAW)):
        summary[kind] = {}
        for name in figures[f"{kind} {seeds[0]}"]:
            row = _means([figures[f"{kind} {seed}"][name] for seed in seeds])
            row["times smaller"] = round(size / row["bytes"], 1)
            if kind == "files":
                row["times faster"] = round(1 / figures["latency"]["ratios"][name], 1)
            row["below plain"] = round(plain["test"] - row["test"], 2)
            row["below distorted"] = round(distorted["test"] - row["test"], 2)
            summary[kind][name] = row
    return summary


def _means(rows):
    tests = ", ".join(f"{row['test']:.2f}" for row in rows)
    means = {key: round(statistics.mean(r[key] for r in rows), 2) for key in rows[0]}
    return {**means, "test of each seed": tests}
