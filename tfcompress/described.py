"""Values that can be written down as plain data, and made again from it."""

import dataclasses

from tfcompress import _checks


class Described:
    """What a family of dataclasses inherits to go to JSON and back.

    The class directly below this one names the family, and the key under which the
    data tell their kind: `{"schedule": "Constant", ...}` for a family `Schedule`.
    """

    def get_config(self) -> dict:
        """Returns this value as a dict of plain values, for JSON."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {_family(type(self)).__name__.lower(): type(self).__name__, **values}

    @classmethod
    def from_config(cls, config: dict):
        """Returns the value, of any kind of the family, that `get_config` described."""
        family = _family(cls)
        key, values = family.__name__.lower(), dict(config)
        kinds = {kind.__name__: kind for kind in _subclasses(family)}
        kind = _checks.choice(key, values.pop(key, None), kinds)
        return kinds[kind](**values)


def _family(kind):
    return next(cls for cls in kind.__mro__ if Described in cls.__bases__)


def _subclasses(kind):
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
