"""Bad values for every argument of every public name, one at a time.

Each is refused by a `ValueError` or a `TypeError` that names the argument, before
anything is written.
"""

import re

import pytest
from bad_inputs.calls import CALLS
from bad_inputs.cases import PUBLIC, calls_of, cases

CASES = cases()
# What other arguments there are, they tell `fit` or scikit-learn.
TAKES_ANY = ("tickets.train_early_bird",)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_bad_values_are_refused_by_name(case, things, left):
    faults = {}
    for label, value in case.bad.items():
        fault = _fault(case, things, value)
        faults |= {label: fault} if fault else {}
        assert left() == [], label
    assert faults == {}


def test_there_are_many_distinct_cases():
    distinct = {(c.name, c.argument, label) for c in CASES for label in c.bad}
    assert len(distinct) > 5000
    assert len({case.argument for case in CASES}) > 150


@pytest.mark.parametrize("name", sorted(set(CALLS) - set(TAKES_ANY)))
def test_argument_that_there_is_not_is_refused(name, things, left):
    with pytest.raises((TypeError, ValueError), match="nonsense"):
        calls_of(name)[0].run(PUBLIC[name], things, nonsense=1)
    assert not left()


def _fault(case, things, value) -> str:
    """Returns what is wrong with how a bad value is met; nothing if all is well."""
    try:
        case.run(things, value)
    except (TypeError, ValueError) as error:
        if _names(str(error), case.argument):
            return ""
        return f"does not name it: {type(error).__name__}: {error}"[:300]
    except BaseException as error:
        return f"another error: {type(error).__name__}: {error}"[:300]
    return "accepted"


def _names(message, argument):
    return re.search(rf"`{argument}[`\[.]|\b{argument}=", message) is not None
