"""Every feature on models that this project did not build."""

import functools
import inspect
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback

import keras
import numpy as np
from cells import measured
from others import model_of

import tfcompress as tfc

DESCRIPTION = (
    "Every feature on models of keras.applications (weights=None, 10 classes, the "
    "smallest images that they take, up to 100 million weights) and on trained models of "
    "other people in Keras's cache (`~/.keras/models/NAME.keras`): works, or the "
    "beginning of the refusal, which leaves all as it was. Whatever else is raised is "
    "a defect, and called so. Each in a child process, since some models crash it in "
    "Keras's own `fit`, without this package: the first column"
)
LARGEST = 100e6
SIDES = (32, 48, 64, 71, 75, 96, 224, 331)
OTHERS = ("mnist_cnn", "har_lstm", "resnet8", "face_mini_xception")
PACKAGE = str(pathlib.Path(tfc.__file__).parent)


def measure(fast: bool = False, seed: int = 0) -> dict:
    names = [*OTHERS, *_applications()]
    chosen = names[4:5] if fast else names
    rows = {name: functools.partial(_row, name, seed) for name in chosen}
    return measured("matrix", {"features": rows}, fast=fast, seed=seed)


def _applications():
    found = {
        name: function
        for name, function in vars(keras.applications).items()
        if inspect.isfunction(function)
        and "classifier_activation" in str(inspect.signature(function))
    }
    return sorted(found, key=str.lower)


def _row(name, seed):
    """Returns what each feature does, by processes that go on where one has crashed."""
    row = {}
    while missing := [feature for feature in FEATURES if feature not in row]:
        command = [sys.executable, __file__, name, str(seed), *missing]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        child = subprocess.run(
            command, capture_output=True, text=True, errors="replace", env=environment
        )
        lines = [line for line in child.stdout.splitlines() if line.startswith("[")]
        row |= dict(json.loads(line) for line in lines)
        if child.returncode and len(lines) < len(missing):
            row[missing[len(lines)]] = "the process crashes"
    return row


def _report_cells(name, seed, features):
    keras.utils.set_random_seed(seed)
    model = _model(name)
    if not isinstance(model, str):
        shape = (4, *model.input_shape[1:])
        x = np.random.default_rng(seed).uniform(0, 1, shape).astype("float32")
        y = np.zeros((4, *model.output_shape[1:]), "float32")
        y[..., 0] = 1
    for feature in features:
        cell = model
        if not isinstance(model, str):
            cell = _cell(functools.partial(FEATURES[feature], model, x, y))
        print(json.dumps([feature, cell]), flush=True)


def _model(name):
    """Returns the model, or a word on why there is none."""
    if name in OTHERS:
        try:
            return model_of(name)
        except FileNotFoundError:
            return "not there"
    function = getattr(keras.applications, name)
    for side in SIDES:
        try:
            model = function(weights=None, classes=10, input_shape=(side, side, 3))
        except ValueError:  # it asks for larger images
            continue
        return model if model.count_params() <= LARGEST else "too large"
    return "not built"


def _cell(check) -> str:
    try:
        check()
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1].filename
        words = " ".join(str(error).split())[:90]
        ours = last.startswith(PACKAGE)
        if ours and isinstance(error, (ValueError, TypeError, NotImplementedError)):
            return f"refused: {words}"
        return f"DEFECT: {type(error).__name__}: {words}"
    return "works"


def _report(model, x, y):
    report = tfc.report(model)
    assert report.total.parameters == model.count_params()
    assert report.to_json()


def _hashed(model, x, y):
    small = tfc.convert(model, {"*": tfc.kernels.Hashed(ratio=1 / 8)})
    assert small.count_params() < model.count_params()
    _finite(small.predict(x, verbose=0))


def _low_rank(model, x, y):
    small = tfc.convert(model, tfc.conversion.choose_ranks(model, ratio=0.5))
    assert small.count_params() < model.count_params()
    _finite(small.predict(x, verbose=0))


def _quantized(model, x, y):
    small = tfc.convert(model, {"*": tfc.kernels.Quantized(bits=8)})
    right, got = model.predict(x, verbose=0), small.predict(x, verbose=0)
    assert np.linalg.norm(got - right) < 0.2 * np.linalg.norm(right)


def _pruned(model, x, y):
    copy = _copy(model)
    prune = tfc.callbacks.PruneLowMagnitude(tfc.schedules.Constant(0.5))
    copy.fit(x, y, batch_size=2, verbose=0, callbacks=[prune])
    assert abs(prune.sparsity - 0.5) < 0.01


def _shrunk(model, x, y):
    groups = [one for one in tfc.surgery.coupled_groups(model) if one.is_free]
    keep = {name: 0.5 for group in groups for name in group.units}
    small = tfc.shrink(model, keep=keep)
    assert small.count_params() < model.count_params()
    _finite(small.predict(x, verbose=0))


def _taught(model, x, y):
    copy = _copy(model)
    copy.fit(x, y, batch_size=2, verbose=0, callbacks=[tfc.callbacks.Distill(model)])


def _tflite(model, x, y):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.tflite")
        tfc.export.to_tflite(model, path, quantize="dynamic", batch_size=1)


def _packed(model, x, y):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.tfc")
        tfc.export.pack(model, path)
        again = tfc.export.unpack(path)
    pairs = zip(model.get_weights(), again.get_weights(), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)


def _plain(model, x, y):
    _copy(model).fit(x, y, batch_size=2, verbose=0)


FEATURES = {
    "Keras's fit": _plain,
    "report": _report,
    "hashed": _hashed,
    "low rank": _low_rank,
    "8 bits": _quantized,
    "pruned": _pruned,
    "half the channels": _shrunk,
    "taught": _taught,
    "TFLite, int8 weights": _tflite,
    "archive": _packed,
}


def _copy(model):
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    copy.compile(keras.optimizers.SGD(1e-4), "categorical_crossentropy")
    return copy


def _finite(outputs):
    assert np.isfinite(outputs).all()


if __name__ == "__main__":
    _report_cells(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
