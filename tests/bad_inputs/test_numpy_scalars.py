"""Numbers and truth values of NumPy are taken wherever those of Python are."""

import numpy as np
import pytest
from bad_inputs.call import Reached
from bad_inputs.cases import cases

TYPES = {
    bool: (np.bool_,),
    int: (np.int64, np.int32),
    float: (np.float64, np.float32),
}
CASES = [case for case in cases() if case.kind.good is not None]


def _good(case, things):
    """Returns a valid number: that of the call, or else the default, or any."""
    given = case.call.given(things).get(case.argument, case.default)
    return given if type(given) in TYPES else case.kind.good


@pytest.mark.parametrize("case", CASES, ids=str)
def test_scalars_of_numpy_are_taken(case, scratch):
    good = _good(case, scratch)
    for kind in TYPES[type(good)]:
        if kind is np.int32 and good > np.iinfo(kind).max:
            continue
        try:
            made = case.run(scratch, kind(good))
        except Reached:
            continue
        except ModuleNotFoundError as error:  # Some arguments ask for an extra.
            pytest.skip(f"{error.name} is not installed")
        if hasattr(made, "get_config"):
            _check_plain(made.get_config())


def _check_plain(config):
    """Fails unless a config, which goes to JSON, holds numbers of Python only."""
    for name, value in config.items():
        assert not isinstance(value, np.generic), name
        if isinstance(value, dict):
            _check_plain(value)
