"""Models that are hardly any: what takes a model takes them, or says what is wrong."""

import re

import keras
import pytest
from bad_inputs.call import Reached
from bad_inputs.cases import cases
from bad_inputs.public import parameters

CASES = [case for case in cases() if case.argument in ("model", "teacher", "baseline")]
LAYERS = keras.layers


def _functional(*layers, shape=(4,)):
    inputs = outputs = keras.Input(shape)
    for layer in layers:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs, name="strange")


def _two_outputs():
    inputs = keras.Input((4,))
    return keras.Model(inputs, [LAYERS.Dense(2)(inputs), LAYERS.Dense(3)(inputs)])


STRANGE = {
    "inputs alone": lambda: keras.Sequential([keras.Input((4,))]),
    "a functional model of no layers": _functional,
    "no weights": lambda: _functional(LAYERS.Flatten(), LAYERS.ReLU()),
    "two outputs": _two_outputs,
    "no examples": lambda: keras.Sequential([keras.Input((0,)), LAYERS.Dense(3)]),
    "raw operations": lambda: _functional(lambda x: keras.ops.relu(x) + 1),
    "frozen": lambda: _functional(LAYERS.Dense(3, trainable=False)),
    "a free axis": lambda: _functional(LAYERS.Conv1D(2, 1), shape=(None, 4)),
    "a layer twice": lambda: _functional(*[LAYERS.Dense(4)] * 2),
    "nested, of no layers": lambda: _functional(_functional()),
}


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_strange_model_is_taken_or_refused_in_words(case, strange, scratch):
    said = _refusal(case, scratch, STRANGE[strange]())
    # Of this argument, or of another that does not go with such a model.
    named = set(re.findall(r"`(\w+)[`\[.]", said))
    known = {"arrays", "choices", *parameters(case.thing)}
    assert not said or named & known, said


def _refusal(case, things, model) -> str:
    """Returns what is said of a model; nothing if it is taken."""
    try:
        case.run(things, model)
    except Reached:
        return ""
    except (TypeError, ValueError) as error:
        return str(error)
    return ""
