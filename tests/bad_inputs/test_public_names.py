"""Each public name has a valid call, which is one, or a reason to have none."""

from fnmatch import fnmatchcase

import pytest
from bad_inputs.call import Reached
from bad_inputs.calls import CALLS
from bad_inputs.cases import PUBLIC, calls_of, untold
from bad_inputs.exempt import EXEMPT

EXCUSED = {n for n in PUBLIC if any(fnmatchcase(n, glob) for glob in EXEMPT)}
VALID = [(name, i) for name in CALLS for i in range(len(calls_of(name)))]


@pytest.mark.parametrize("name", sorted(set(PUBLIC) | set(CALLS)))
def test_public_name_has_a_valid_call_or_a_reason(name):
    assert name in PUBLIC, "there is no such name any more"
    assert (name in CALLS) != (name in EXCUSED), "give it one of both"


@pytest.mark.parametrize("glob", EXEMPT)
def test_reason_is_still_needed(glob):
    assert any(fnmatchcase(name, glob) for name in PUBLIC)


def test_what_an_argument_takes_is_known():
    assert untold() == []


@pytest.mark.parametrize(("name", "number"), VALID)
def test_valid_call_is_valid(name, number, scratch):
    call = calls_of(name)[number]
    if call.stops is None:
        call.run(PUBLIC[name], scratch)
    else:
        with pytest.raises(Reached):
            call.run(PUBLIC[name], scratch)
