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
from backbones import BACKBONES, available, backbone
from cells import measured
from others import model_of

import tfcompress as tfc

DESCRIPTION = (
    "Every feature on models of keras.applications (weights=None, 10 classes, the "
    "smallest images that they take, up to 100 million weights), on backbones of "
    "keras_hub at tiny sizes, and on trained models of other people in Keras's cache "
    "(`~/.keras/models/NAME.keras`): works, or the "
    "beginning of the refusal, which leaves all as it was. Whatever else is raised is "
    "a defect, and called so. Each in a child process, since some models crash it in "
    "Keras's own `fit`, without this package: the first column"
)
LARGEST = 100e6
SIDES = (32, 48, 64, 71, 75, 96, 224, 331)
OTHERS = ("mnist_cnn", "har_lstm", "resnet8", "face_mini_xception")
PACKAGE = str(pathlib.Path(tfc.__file__).parent)


def measure(fast: bool = False, seed: int = 0) -> dict:
    families = {
        "others": [] if fast else OTHERS,
        "keras.applications": _applications()[: 1 if fast else None],
        "keras_hub": [] if fast else available(),
    }
    tables = {
        family: {name: functools.partial(_row, name, seed) for name in names}
        for family, names in families.items()
    }
    return measured("matrix", tables, fast=fast, seed=seed)


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


class Case:
    """A model, four inputs and targets for it."""

    def __init__(self, name, model, seed):
        self.name, self.model = name, model
        random = np.random.default_rng(seed)
        sequential = isinstance(model, keras.Sequential)
        inputs = model.inputs[0] if sequential else model.input
        self.x = keras.tree.map_structure(functools.partial(_values, random), inputs)
        outputs = self.outputs(model)
        self.y = keras.tree.map_structure(_first_class, outputs)
        self.has_classes = isinstance(outputs, np.ndarray) and outputs.ndim == 2

    def outputs(self, model):
        return model.predict(self.x, verbose=0)

    def fit(self, *callbacks):
        copy = _model(self.name)
        copy.set_weights(self.model.get_weights())
        loss = "categorical_crossentropy" if self.has_classes else "mse"
        copy.compile(keras.optimizers.SGD(1e-4), loss)
        copy.fit(self.x, self.y, batch_size=2, verbose=0, callbacks=[*callbacks])


def _report_cells(name, seed, features):
    keras.utils.set_random_seed(seed)
    cell = model = _model(name)
    if not isinstance(model, str):
        case = Case(name, model, seed)
    for feature in features:
        if not isinstance(model, str):
            cell = _cell(functools.partial(FEATURES[feature], case))
        print(json.dumps([feature, cell]), flush=True)


def _values(random, tensor):
    """Returns four inputs; whole numbers are tokens, and nothing is masked."""
    shape = [4, *(size or 8 for size in tensor.shape[1:])]
    if "int" in tensor.dtype:
        is_token = "token" in tensor.name
        return random.integers(1, 50 if is_token else 2, shape)
    return random.uniform(0, 1, shape).astype("float32")


def _first_class(outputs):
    y = np.zeros_like(outputs)
    y[..., 0] = 1
    return y


def _model(name):
    """Returns the model, or a word on why there is none."""
    if name in BACKBONES:
        return backbone(name)
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
        return check() or "works"
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1].filename
        words = " ".join(str(error).split())[:90]
        ours = last.startswith(PACKAGE)
        if ours and isinstance(error, (ValueError, TypeError, NotImplementedError)):
            return f"refused: {words}"
        return f"DEFECT: {type(error).__name__}: {words}"


def _report(case):
    report = tfc.report(case.model)
    assert report.total.parameters == case.model.count_params()
    assert report.to_json()


def _hashed(case):
    _smaller(case, tfc.convert(case.model, {"*": tfc.kernels.Hashed(ratio=1 / 8)}))


def _low_rank(case):
    rules = tfc.conversion.choose_ranks(case.model, ratio=0.5)
    _smaller(case, tfc.convert(case.model, rules))


def _quantized(case):
    small = tfc.convert(case.model, {"*": tfc.kernels.Quantized(bits=8)})
    right, got = (keras.tree.flatten(case.outputs(one)) for one in (case.model, small))
    for a, b in zip(right, got, strict=True):
        assert np.linalg.norm(b - a) < 0.2 * np.linalg.norm(a)


def _pruned(case):
    prune = tfc.callbacks.PruneLowMagnitude(tfc.schedules.Constant(0.5))
    case.fit(prune)
    assert abs(prune.sparsity - 0.5) < 0.01


def _shrunk(case):
    groups = [one for one in tfc.surgery.coupled_groups(case.model) if one.is_free]
    keep = {name: 0.5 for group in groups for name in group.units}
    if keep:
        _smaller(case, tfc.shrink(case.model, keep=keep))
    return None if keep else "no units that could go alone"


def _taught(case):
    loss = None if case.has_classes else keras.losses.MeanSquaredError()
    case.fit(tfc.callbacks.Distill(case.model, loss=loss))


def _tflite(case):
    first = keras.tree.map_structure(lambda values: values[:1], case.x)
    options = {"quantize": "dynamic", "batch_size": 1, "probe": first}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.tflite")
        tfc.export.to_tflite(case.model, path, **options)


def _packed(case):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.tfc")
        tfc.export.pack(case.model, path)
        again = tfc.export.unpack(path)
    pairs = zip(case.model.get_weights(), again.get_weights(), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)


def _smaller(case, small):
    assert small.count_params() < case.model.count_params()
    for one in keras.tree.flatten(case.outputs(small)):
        assert np.isfinite(one).all()


FEATURES = {
    "Keras's fit": Case.fit,
    "report": _report,
    "hashed": _hashed,
    "low rank": _low_rank,
    "8 bits": _quantized,
    "pruned": _pruned,
    "half the channels": _shrunk,
    "taught": _taught,
    "TFLite in 8 bits": _tflite,
    "archive": _packed,
}


if __name__ == "__main__":
    _report_cells(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
