"""Training that is killed at random steps and resumed, against training that is not."""

import functools
import hashlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile

import keras
import numpy as np
from cells import measured

import tfcompress as tfc

DESCRIPTION = (
    "Runs of each method with `BackupAndRestore`, ended by SIGKILL at random steps after "
    "the first epoch, one, two or three times each, then resumed to their end, and whose "
    "weights, and masks drawn on the way, have to be those of a run that was not cut, to "
    "the last bit: kills, and runs that ended otherwise"
)
STEPS, EPOCHS = 8, 5
RUNS = 6  # of each method, with two kills each in the mean


def measure(fast: bool = False, seed: int = 0) -> dict:
    methods = [*METHODS][:1] if fast else [*METHODS]
    rows = {
        name: functools.partial(_method, name, 1 if fast else RUNS, seed)
        for name in methods
    }
    figures = measured("kills", {"methods": rows}, fast=fast, seed=seed)
    rows = figures["methods"].values()
    total = {key: sum(row[key] for row in rows) for key in next(iter(rows))}
    return {"methods": {**figures["methods"], "all": total}}


def _method(name, runs, seed):
    drawn = random.Random(f"{name} {seed}")
    cuts = [
        sorted(drawn.sample(range(STEPS, STEPS * EPOCHS), drawn.randint(1, 3)))
        for _ in range(runs)
    ]
    with tempfile.TemporaryDirectory() as folder:
        request = pathlib.Path(folder, "cuts.json")
        request.write_text(json.dumps(cuts))
        command = [sys.executable, __file__, name, folder]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run(command, check=True, env=environment, capture_output=True)
        ends = json.loads(pathlib.Path(folder, "ends.json").read_text())
    whole, *others = ends
    return {
        "runs": runs,
        "kills": sum(map(len, cuts)),
        "ended otherwise": sum(end != whole for end in others),
    }


def _serve(name, folder):
    """Trains in processes that are forked off this one, so that imports are made once.

    Nothing of TensorFlow has run before the fork, and nothing does here.
    """
    cuts = json.loads((folder / "cuts.json").read_text())
    ends = []
    for number, steps in enumerate([[], *cuts]):
        backup = folder / f"backup_{number}"
        for step in [*steps, None]:
            # Epochs that were done are not done again, so a kill may come too early
            # to be reached; the next process then goes on from the same backup.
            _forked(functools.partial(_train, name, backup, step, folder / "end"))
        ends.append((folder / "end").read_text())
    (folder / "ends.json").write_text(json.dumps(ends))


def _forked(action):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            action()
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    if status not in (0, signal.SIGKILL):
        raise RuntimeError(f"a run ended with status {status}")


class Kill(keras.callbacks.Callback):
    """Ends the process as a power cut would."""

    def __init__(self, step):
        super().__init__()
        self.step = step

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_begin(self, batch, logs=None):
        if self.epoch * STEPS + batch >= self.step:
            os.kill(os.getpid(), signal.SIGKILL)


def _train(name, backup, kill_at, out):
    keras.utils.set_random_seed(3)
    generator = np.random.default_rng(1)
    x = generator.normal(size=(64, 8)).astype("float32")
    y = np.tanh(x @ generator.normal(size=(8, 4))).astype("float32")
    model, callbacks = _network(), METHODS[name]()
    if not isinstance(callbacks, list):
        callbacks = [callbacks]
    if name == "HardenSigns":
        signs = tfc.kernels.Binary(two_stage=True)
        model = tfc.convert(model, {keras.layers.Dense: signs})
    if name == "ProximalStep":
        for layer in model.layers:
            if isinstance(layer, keras.layers.Dense):
                penalty = tfc.regularizers.GroupLasso(0.01)
                layer.kernel.constraint = tfc.constraints.ProximalStep(penalty)
    more = [keras.callbacks.BackupAndRestore(backup, delete_checkpoint=False)]
    if kill_at is not None:
        more.append(Kill(kill_at))
    model.compile(keras.optimizers.Adam(0.01), "mse")
    options = {"batch_size": 8, "epochs": EPOCHS, "verbose": 0, "shuffle": False}
    model.fit(x, y, callbacks=[*more, *callbacks], **options)
    digest = hashlib.sha256()
    for array in [*model.get_weights(), *_drawn(callbacks)]:
        digest.update(np.ascontiguousarray(array).tobytes())
    out.write_text(digest.hexdigest())


def _network():
    layers = keras.layers
    hidden = [
        layer
        for _ in range(2)
        for layer in (layers.Dense(20), layers.BatchNormalization(), layers.ReLU())
    ]
    # No dropout: Keras does not bring back the state of its random numbers.
    return keras.Sequential([keras.Input((8,)), *hidden, layers.Dense(4)])


def _drawn(callbacks):
    """Yields the masks and the weights that callbacks have kept."""
    for callback in callbacks:
        for masks in getattr(callback, "masks", None) or []:
            yield from masks if isinstance(masks, tfc.Masks) else [masks]
        yield from getattr(callback, "weights", None) or []


def _ramp(**options):
    return tfc.schedules.Polynomial(0.75, end="70%", frequency=3, **options)


def _teacher():
    keras.utils.set_random_seed(9)
    teacher = _network()
    keras.utils.set_random_seed(3)
    return teacher


_callbacks = tfc.callbacks
METHODS = {
    "none": list,
    "PruneLowMagnitude": lambda: _callbacks.PruneLowMagnitude(_ramp()),
    "PruneLowMagnitude, global": lambda: _callbacks.PruneLowMagnitude(
        _ramp(), scope="global"
    ),
    "PruneLowMagnitude, blocks": lambda: _callbacks.PruneLowMagnitude(
        _ramp(), pattern=tfc.patterns.Block((4, 1))
    ),
    "PruneByGradient": lambda: _callbacks.PruneByGradient(_ramp()),
    "PruneByMovement": lambda: _callbacks.PruneByMovement(_ramp()),
    "PruneBySaliency": lambda: _callbacks.PruneBySaliency(_ramp()),
    "PruneRandomly": lambda: _callbacks.PruneRandomly(_ramp(), seed=2),
    "PruneAtInitialization": lambda: _callbacks.PruneAtInitialization(0.75, batches=3),
    "PruneBelowThreshold": lambda: _callbacks.PruneBelowThreshold(1.0, at="40%"),
    "RegrowByGradient": lambda: _callbacks.RegrowByGradient(
        tfc.schedules.Constant(0.75), frequency=4
    ),
    "RegrowRandomly": lambda: _callbacks.RegrowRandomly(
        tfc.schedules.Constant(0.75), frequency=4
    ),
    "PruneChannels, norm": lambda: _callbacks.PruneChannels(_ramp()),
    "PruneChannels, bn_scale": lambda: _callbacks.PruneChannels(_ramp(), "bn_scale"),
    "PruneChannels, taylor": lambda: _callbacks.PruneChannels(_ramp(), "taylor"),
    "PruneChannels, activation": lambda: _callbacks.PruneChannels(
        _ramp(), "activation"
    ),
    "EarlyBird": lambda: _callbacks.EarlyBird(0.5, patience=3, stop=False),
    "RewindWeights": lambda: _callbacks.RewindWeights("2 epochs"),
    "LotteryTicket": lambda: _callbacks.LotteryTicket(0.5, rewind_to="1 epoch"),
    "Distill": lambda: _callbacks.Distill(
        _teacher(), loss=keras.losses.MeanSquaredError()
    ),
    "Distill, alpha by step": lambda: _callbacks.Distill(
        _teacher(),
        alpha=keras.optimizers.schedules.CosineDecay(1.0, STEPS * EPOCHS),
        loss=keras.losses.MeanSquaredError(),
    ),
    "HardenSigns": lambda: _callbacks.HardenSigns("40%"),
    "ProximalStep": lambda: _callbacks.PenaltySchedule(0.05, attribute="strength"),
}

if __name__ == "__main__":
    _serve(sys.argv[1], pathlib.Path(sys.argv[2]))
