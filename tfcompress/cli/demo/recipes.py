"""The methods of the demo: from the trained baseline to a model and how to export it.

Each is a function `(baseline, data, settings) -> (model, options of to_tflite)`, and
as it would stand in a program of your own.
"""

import keras

from tfcompress.callbacks.distill import Distill
from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.cli.demo.training import copy, mlp, train
from tfcompress.conversion.convert import convert
from tfcompress.kernels.binary import Binary
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.drop_neuron_dense import DropNeuronDense
from tfcompress.patterns.block import Block
from tfcompress.schedules.polynomial import Polynomial
from tfcompress.surgery.shrink import shrink

HIDDEN = "hidden_*"


def float32(baseline, data, settings):
    """The baseline itself."""
    return baseline, {}


def int8(baseline, data, settings):
    """Weights and values between layers in 8 bits; no training."""
    return baseline, {"quantize": "int8", "representative_data": data.x_train[:200]}


def hashed(baseline, data, settings):
    """One stored number for eight weights, placed by a hash; small, and slow."""
    model = convert(baseline, {HIDDEN: Hashed(ratio=1 / 8, seed=settings.seed)})
    return train(model, data, settings), {"compact": True}


def low_rank(baseline, data, settings):
    """Each matrix the product of two thin ones."""
    model = convert(baseline, {HIDDEN: LowRank(ratio=1 / 8)})
    return train(model, data, settings), {}


def binary(baseline, data, settings):
    """Weights +1 and -1 times a scale for each unit, stored in 2 bits."""
    model = convert(baseline, {"*": Binary(scale="channel")})
    return train(model, data, settings), {"quantize": "int2"}


def pruned(baseline, data, settings):
    """Nine weights in ten removed, wherever they are."""
    prune = PruneLowMagnitude(_ramp(), which=HIDDEN)
    return train(copy(baseline), data, settings, prune), {"sparse": True}


def block_pruned(baseline, data, settings):
    """Nine in ten removed, four inputs of a unit together, as LiteRT can skip them."""
    prune = PruneLowMagnitude(_ramp(), which=HIDDEN, pattern=Block((4, 1)))
    return train(copy(baseline), data, settings, prune), {"sparse": True}


def drop_neuron(baseline, data, settings):
    """Units that a penalty has silenced are taken out; the rest is trained on."""
    steps = 2 / 3 * settings.epochs * len(data.x_train) / settings.batch_size
    # Norms are about 1 and lose a thousandth of `proximal` at each step: a short run
    # must press harder.
    proximal = max(2.0, 900 / steps)
    options = {"incoming": 1e-3, "outgoing": 1e-3, "proximal": proximal}

    def pressed(layer):
        if isinstance(layer, keras.layers.Dense):
            return DropNeuronDense.from_config({**layer.get_config(), **options})
        return type(layer).from_config(layer.get_config())

    model = keras.models.clone_model(baseline, clone_function=pressed)
    model.set_weights(baseline.get_weights())
    # A high rate: what is needed must grow faster than the penalty takes it away.
    train(model, data, settings, share=2 / 3, learning_rate=1e-2)
    plain = copy(baseline)  # without the penalty
    plain.set_weights(model.get_weights())
    return train(shrink(plain), data, settings, share=1 / 3), {}


def distilled(baseline, data, settings):
    """A network of an eighth of the width that learns from the baseline."""
    student = mlp(data, [settings.width // 8] * 2)
    teach = Distill(teacher=baseline, temperature=4.0, alpha=0.5)
    return train(student, data, settings, teach, learning_rate=3e-3), {}


def distilled_int8(baseline, data, settings):
    """The same in 8 bits: methods combine."""
    student, _ = distilled(baseline, data, settings)
    return student, {"quantize": "int8", "representative_data": data.x_train[:200]}


def _ramp():
    return Polynomial(0.9, begin="10%", end="70%", frequency=20)


RECIPES = {
    "float32 baseline": float32,
    "int8": int8,
    "hashed 1/8": hashed,
    "low rank 1/8": low_rank,
    "binary, int2": binary,
    "pruned 90 %": pruned,
    "pruned 90 %, 4x1 blocks": block_pruned,
    "DropNeuron": drop_neuron,
    "distilled, 1/8 width": distilled,
    "distilled, 1/8 width, int8": distilled_int8,
}
