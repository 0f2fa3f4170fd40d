"""What Keras's own layers and losses refuse, those that take their place refuse too."""

import pytest
from bad_inputs.calls import CALLS
from bad_inputs.cases import PUBLIC, calls_of, keras_base, of_keras
from bad_inputs.public import parameters

BAD = {"text": "nonsense", "negative": -1, "zero": 0, "list": [], "object": object()}
ROOMS = ("kernels.", "layers.", "losses.")
NAMES = [n for n in CALLS if n.startswith(ROOMS) and keras_base(PUBLIC[n]) is not None]
# Ours where it stands in both signatures, or by design: LoRA needs a stored kernel.
OURS = {"lora_rank", "lora_alpha", "quantization_config", "seed"}


@pytest.mark.parametrize("name", NAMES)
def test_arguments_of_keras_are_refused_as_keras_does(name, things):
    thing, base = PUBLIC[name], keras_base(PUBLIC[name])
    given = calls_of(name)[0].given(things)
    theirs = {k: v for k, v in given.items() if k in parameters(base)}
    for argument in of_keras(thing) & set(parameters(thing)) - OURS:
        for value in BAD.values():
            expected = _refusal(base, {**theirs, argument: value})
            if expected is not None:
                found = _refusal(thing, {**given, argument: value})
                # Some of Keras's own are attribute errors: a twin has the same.
                kinds = (TypeError, ValueError, type(expected))
                assert isinstance(found, kinds), (argument, value, found)


def _refusal(thing, given):
    try:
        thing(**given)
    except Exception as error:
        return error
    return None
