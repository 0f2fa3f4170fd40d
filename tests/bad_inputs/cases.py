"""The cases: each argument of each public name, with all that is wrong for it."""

import dataclasses
import inspect

from bad_inputs.arguments import kind_of
from bad_inputs.call import Call
from bad_inputs.calls import CALLS
from bad_inputs.kinds import Kind, Made
from bad_inputs.public import parameters, public

PUBLIC = public()


@dataclasses.dataclass(frozen=True)
class Case:
    """One argument of a public name.

    Args:
        name: The public name.
        argument: Name of the argument.
        call: The valid call that bad values are laid over.
        kind: What the argument takes.
        default: The default of the argument.
    """

    name: str
    argument: str
    call: Call
    kind: Kind
    default: object

    def __str__(self):
        return f"{self.name}({self.argument})"

    @property
    def thing(self):
        return PUBLIC[self.name]

    @property
    def bad(self) -> dict:
        """Label -> a value that is refused; None is not, where it is the default."""
        bad = self.kind.bad
        return {
            k: v for k, v in bad.items() if v is not None or self.default is not None
        }

    def run(self, things, value):
        """Calls the name with `value` for the argument, and the rest as it should be."""
        value = value.of(things) if isinstance(value, Made) else value
        return self.call.run(self.thing, things, **{self.argument: value})


def calls_of(name: str) -> list[Call]:
    """Returns the valid calls of a public name."""
    calls = CALLS[name]
    return calls if isinstance(calls, list) else [calls]


def cases() -> list[Case]:
    """Returns all cases."""
    found = []
    for name in sorted(set(CALLS) & set(PUBLIC)):
        calls = calls_of(name)
        claimed = {one for call in calls for one in call.only or ()}
        for argument, parameter in parameters(PUBLIC[name]).items():
            kind = kind_of(name, argument)
            if not isinstance(kind, Kind):
                continue
            default = parameter.default
            found += [
                Case(name, argument, call, kind, default)
                for call in calls
                if argument in (call.only or set(parameters(PUBLIC[name])) - claimed)
            ]
    return found


def untold() -> list[str]:
    """Returns the arguments of which nobody says what they take."""
    return [
        f"{name}({argument})"
        for name in CALLS
        if name in PUBLIC
        for argument in parameters(PUBLIC[name])
        if kind_of(name, argument) is None and argument not in of_keras(PUBLIC[name])
    ]


def keras_base(thing):
    """Returns the class of Keras that `thing` takes the place of, or None."""
    if not inspect.isclass(thing):
        return None
    theirs = (c for c in thing.__mro__ if c.__module__.startswith("keras"))
    return getattr(thing, "twin", None) or next(theirs, None)


def of_keras(thing) -> set[str]:
    """Returns the names of the arguments that Keras defines."""
    base = keras_base(thing)
    return set() if base is None else set(parameters(base))
