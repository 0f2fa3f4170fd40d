"""What works on which backend of Keras: every public part, each in its smallest use."""

import contextlib
import functools
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import keras
import numpy as np
from cells import measured

import tfcompress as tfc

DESCRIPTION = (
    "Every layer, kernel, callback, loss, regularizer and constraint, and the functions "
    "of models, on each backend of Keras: a step of training that leaves finite weights "
    "which have moved, and a model that is saved, loaded and gives the same outputs; or "
    "the beginning of the error"
)
BACKENDS = ("tensorflow", "jax", "torch")


def measure(fast: bool = False, seed: int = 0) -> dict:
    return compared("backends", BACKENDS[: 1 if fast else None], 1, fast, seed)


def compared(name, backends, devices, fast, seed):
    """Returns tables of what each use comes to, on each of `backends` that is there."""
    rows = {
        backend: functools.partial(asked, backend, fast, seed, devices)
        for backend in backends
        if importlib.util.find_spec(backend)
    }
    found = measured(name, {"": rows}, fast=fast, seed=seed)[""]
    tables = {}
    for backend, cells in found.items():
        for table, use, outcome in cells:
            tables.setdefault(table, {}).setdefault(use, {})[backend] = outcome
    return tables


def asked(backend, fast, seed, devices=1):
    """Returns table, name and outcome of each use, in a process with that backend."""
    command = [sys.executable, __file__, *map(str, (int(fast), seed, devices))]
    tests = str(pathlib.Path(__file__).parents[1])
    environment = {
        **os.environ,
        "KERAS_BACKEND": backend,
        "XLA_FLAGS": f"--xla_force_host_platform_device_count={devices}",
        "PYTHONPATH": os.pathsep.join([tests, *sys.path]),
    }
    child = subprocess.run(command, capture_output=True, text=True, env=environment)
    if child.returncode:
        raise RuntimeError(f"{backend}: {child.stderr[-2000:]}")
    lines = [line for line in child.stdout.splitlines() if line.startswith("[")]
    return [json.loads(line) for line in lines]


def _serve(fast, seed, devices):
    with _distributed() if devices > 1 else contextlib.nullcontext():
        for table, uses in TABLES[:1] if fast else TABLES:
            for name, use in list(uses().items())[: 2 if fast else None]:
                keras.utils.set_random_seed(seed)
                print(json.dumps([table, name, _outcome(use)]), flush=True)


def _distributed():
    if keras.backend.backend() == "jax":
        return keras.distribution.DataParallel().scope()
    import tensorflow as tf

    [cpu] = tf.config.list_physical_devices("CPU")
    halves = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, halves)
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope()


def _outcome(use):
    try:
        use()
    except Exception as error:
        return " ".join(f"{type(error).__name__}: {error}".split())[:120]
    return "works"


X = np.random.default_rng(0).normal(size=(32, 6)).astype("float32")
Y = np.random.default_rng(1).integers(0, 4, 32)


def _network(kernel=None, **options):
    layer = keras.layers.Dense(8, "relu", **options)
    if kernel is not None:
        layer = tfc.layers.CompressedDense(8, "relu", kernel=kernel)
    model = keras.Sequential([keras.Input((6,)), layer, keras.layers.Dense(4)])
    return _compiled(model)


def _compiled(model):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    return model


def _trained(model, *callbacks, x=X, y=Y):
    before = [np.copy(weight) for weight in model.get_weights()]
    model.fit(x, y, batch_size=8, epochs=3, verbose=0, callbacks=list(callbacks))
    after = model.get_weights()
    if not all(np.isfinite(weight).all() for weight in after):
        raise AssertionError("weights are not finite")
    if all(np.array_equal(*pair) for pair in zip(before, after, strict=True)):
        raise AssertionError("no weight has moved")
    return model


def _saved(model, x):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.keras"
        model.save(path)
        loaded = keras.models.load_model(path)
    outputs = [one.predict(x, verbose=0) for one in (model, loaded)]
    np.testing.assert_allclose(*outputs, atol=1e-5)


def _layers():
    import every_layer

    def used(name):
        model = every_layer.model_of(name)
        shape = model.input_shape[1:]
        x = np.random.default_rng(0).normal(size=(4, *shape)).astype("float32")
        if "Embedding" in name:
            x = np.random.default_rng(0).integers(0, 9, (4, *shape))
        y = np.zeros(model(x).shape, "float32")
        model.compile("adam", "mse")
        _trained(model, x=x, y=y)
        _saved(model, x)

    return {name: lambda name=name: used(name) for name in every_layer.NAMES}


def _kernels():
    images = np.random.default_rng(3).normal(size=(32, 5, 5, 2)).astype("float32")

    def in_dense(kernel):
        _saved(_trained(_network(kernel)), X)

    def in_conv(kernel):
        model = keras.Sequential([keras.Input((5, 5, 2))])
        model.add(tfc.layers.CompressedConv2D(6, 3, kernel=kernel, activation="relu"))
        model.add(keras.layers.GlobalAveragePooling2D())
        model.add(keras.layers.Dense(4))
        _saved(_trained(_compiled(model), x=images), images)

    own = tfc.kernels
    generator = own.Generator(block=(3, 3, 2, 3), embedding=2)
    uses = [
        *((in_dense, kernel) for kernel in _dense_kernels(own)),
        (in_conv, own.CanonicalPolyadic(rank=2)),
        (in_conv, own.FrequencyHashed(ratio=0.5)),
        (in_conv, own.Hyper(generator=generator)),
        (in_conv, own.Separable()),
        (in_conv, own.SpatialLowRank(rank=2)),
        (in_conv, own.Tucker(ranks=(2, 2))),
    ]
    return {
        type(kernel).__name__: lambda use=use, kernel=kernel: use(kernel)
        for use, kernel in uses
    }


def _dense_kernels(own):
    return [
        own.Binary(),
        own.Circulant(),
        own.Clustered(codebook=4),
        own.Dictionary(dictionary=tfc.dictionaries.Random(), atoms=2),
        own.Full(),
        own.FunctionalHashed(ratio=0.5),
        own.GeneralizedDropout(strength=1e-3),
        own.HardConcrete(strength=1e-3),
        own.Hashed(ratio=0.5),
        own.LowFrequency(ratio=0.5),
        own.LowRank(rank=2),
        own.Quantized(bits=4),
        own.SoftShared(strength=1e-4),
        own.Ternary(),
        own.Toeplitz(),
        own.VariationalDropout(strength=1e-3),
    ]


def _callbacks():
    ramp = tfc.schedules.Polynomial(0.5, end="70%", frequency=2)
    constant = tfc.schedules.Constant(0.5)
    made = tfc.callbacks
    teacher = _network()
    uses = {
        "PruneLowMagnitude": lambda: made.PruneLowMagnitude(ramp),
        "PruneByGradient": lambda: made.PruneByGradient(ramp),
        "PruneByMovement": lambda: made.PruneByMovement(ramp),
        "PruneBySaliency": lambda: made.PruneBySaliency(ramp),
        "PruneRandomly": lambda: made.PruneRandomly(ramp),
        "PruneAtInitialization": lambda: made.PruneAtInitialization(0.5),
        "PruneBelowThreshold": lambda: made.PruneBelowThreshold(0.1, at=2),
        "RegrowByGradient": lambda: made.RegrowByGradient(constant, frequency=2),
        "RegrowRandomly": lambda: made.RegrowRandomly(constant, frequency=2),
        "PruneChannels, norm": lambda: made.PruneChannels(ramp),
        "PruneChannels, taylor": lambda: made.PruneChannels(ramp, by="taylor"),
        "PruneChannels, activation": lambda: made.PruneChannels(ramp, by="activation"),
        "EarlyBird": lambda: made.EarlyBird(0.5, "norm", stop=False),
        "LotteryTicket": lambda: made.LotteryTicket(0.5),
        "Distill": lambda: made.Distill(teacher),
        "CompressionLogger": lambda: made.CompressionLogger(),
    }
    return {
        name: lambda make=make: _trained(_network(), make())
        for name, make in uses.items()
    }


def _penalties():
    uses = {}
    for name in ("GroupLasso", "SparseGroupLasso", "DropNeuron"):
        penalty = getattr(tfc.regularizers, name)(1e-3)
        uses[f"regularizers.{name}"] = lambda penalty=penalty: _trained(
            _network(kernel_regularizer=penalty)
        )
    step = tfc.constraints.ProximalStep(
        tfc.regularizers.GroupLasso(1e-2), learning_rate=0.1
    )
    uses["constraints.ProximalStep"] = lambda: _trained(
        _network(kernel_constraint=step)
    )
    features = np.random.default_rng(2).normal(size=(2, 5, 3, 4)).astype("float32")
    for name in tfc.losses.__all__:
        if name != "LogitsLoss":
            uses[f"losses.{name}"] = lambda name=name: _finite(
                getattr(tfc.losses, name)()(*np.abs(features))
            )
    return uses


def _finite(value):
    if not np.isfinite(keras.ops.convert_to_numpy(value)):
        raise AssertionError("the loss is not finite")


def _functions():
    low_rank = {keras.layers.Dense: tfc.kernels.LowRank(rank=2, must_pay=False)}

    def of(action):
        return lambda: action(_trained(_network()))

    def written(write):
        def use():
            with tempfile.TemporaryDirectory() as folder:
                write(_trained(_network()), pathlib.Path(folder))

        return use

    return {
        "report": of(lambda model: str(tfc.report(model))),
        "convert, fold": of(lambda model: tfc.fold(tfc.convert(model, low_rank))),
        "shrink": of(lambda model: tfc.shrink(model, keep={"dense*": 0.5})),
        "surgery.widen": of(_widened),
        "sensitivity": of(lambda model: tfc.sensitivity(model, (X, Y), ratios=(0.5,))),
        "Masks.of": of(tfc.Masks.of),
        "export.pack, unpack": written(_packed),
        "export.to_tflite": written(
            lambda model, folder: tfc.export.to_tflite(model, folder / "model.tflite")
        ),
        "export.to_saved_model": written(
            lambda model, folder: tfc.export.to_saved_model(model, folder / "saved")
        ),
    }


def _widened(model):
    wide = tfc.surgery.widen(model, model.layers[0].name, 12)
    outputs = [one.predict(X, verbose=0) for one in (model, wide)]
    np.testing.assert_allclose(*outputs, atol=1e-5)


def _packed(model, folder):
    tfc.export.pack(model, folder / "model.tfc")
    again = tfc.export.unpack(folder / "model.tfc")
    np.testing.assert_array_equal(*[m.predict(X, verbose=0) for m in (model, again)])


TABLES = (
    ("layers", _layers),
    ("kernels", _kernels),
    ("callbacks", _callbacks),
    ("penalties and losses", _penalties),
    ("functions", _functions),
)

if __name__ == "__main__":
    _serve(bool(int(sys.argv[1])), *map(int, sys.argv[2:]))
