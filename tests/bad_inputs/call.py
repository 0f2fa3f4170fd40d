"""A valid call of a public name, over which one bad value at a time is laid."""

import contextlib
import dataclasses
import importlib
from collections.abc import Callable


class Reached(Exception):
    """Raised where the work of a valid call would begin: all checks are behind it."""


@dataclasses.dataclass(frozen=True)
class Call:
    """A valid call.

    Args:
        arguments: The keyword arguments, or a function of the shared things to them.
        on: For a method: a function of the things to the object that has it.
        through: What is called in place of the public name, where that looks at its
            arguments later; it gets the things and the arguments.
        stops: Where a valid call is ended by `Reached`, for what comes then takes long:
            `module:attribute`.
        only: The arguments that are tried over this call; if None, all that no other
            call of the name claims.
    """

    arguments: dict | Callable = dataclasses.field(default_factory=dict)
    on: Callable | None = None
    through: Callable | None = None
    stops: str | None = None
    only: tuple | None = None

    def given(self, things) -> dict:
        """Returns the valid arguments."""
        made = self.arguments
        return dict(made(things) if callable(made) else made)

    def run(self, thing, things, **bad):
        """Calls the public `thing`, with `bad` in place of what is valid."""
        given = self.given(things) | bad
        with _stopped(self.stops):
            if self.through is not None:
                return self.through(things, given)
            if self.on is not None:
                return getattr(self.on(things), thing.__name__)(**given)
            return thing(**given)


@contextlib.contextmanager
def _stopped(place):
    if place is None:
        yield
        return
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    owner = importlib.import_module(module)
    for one in owners:
        owner = getattr(owner, one)
    own = vars(owner).get(name)
    setattr(owner, name, _stop)
    try:
        yield
    finally:
        if own is None:  # it is inherited
            delattr(owner, name)
        else:
            setattr(owner, name, own)


def _stop(*args, **kwargs):
    raise Reached
