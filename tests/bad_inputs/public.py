"""Everything public that can be called: functions, classes, and their own methods."""

import importlib
import inspect
import pathlib

import tfcompress

PACKAGE = pathlib.Path(tfcompress.__file__).parent
# What Keras, scikit-learn or KerasTuner call, never a user.
PROTOCOL = {"build", "call", "get_config", "from_config", "set_score_request"}


def public() -> dict:
    """Returns a dict: `room.Name` or `room.Name.method` -> what is called."""
    found = {}
    for room, names in _rooms():
        for name in names:
            thing = getattr(room, name)
            if not callable(thing) or any(thing is one for one in found.values()):
                continue  # a module, or what has a name in its own room
            key = f"{room.__name__}.{name}".removeprefix("tfcompress.")
            found[key] = thing
    methods, seen = {}, set()
    for key, thing in found.items():
        if inspect.isclass(thing):
            for name, method in _methods(thing):
                function = getattr(method, "__func__", method)
                if function not in seen:
                    seen.add(function)
                    methods[f"{key}.{name}"] = method
    return found | methods


def parameters(thing) -> dict:
    """Returns the parameters that a user gives to `thing`, by their names."""
    try:
        found = inspect.signature(thing).parameters
    except ValueError:  # of an exception
        return {}
    several = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    return {n: p for n, p in found.items() if n != "self" and p.kind not in several}


def _rooms():
    folders = [path.parent for path in sorted(PACKAGE.glob("*/__init__.py"))]
    for name in [*(f"tfcompress.{folder.name}" for folder in folders), "tfcompress"]:
        room = importlib.import_module(name)
        names = getattr(room, "__all__", ())
        yield room, names
        inner = {getattr(room, one) for one in names} if room is not tfcompress else ()
        yield from ((one, one.__all__) for one in inner if inspect.ismodule(one))


def _methods(cls):
    for name in dir(cls):
        if name.startswith(("_", "on_")) or name in PROTOCOL:
            continue
        owner = next((c for c in cls.__mro__ if name in vars(c)), cls)
        own = owner.__module__.startswith("tfcompress")
        kinds = (staticmethod, classmethod, type(_methods))
        if own and isinstance(vars(owner).get(name), kinds):
            method = getattr(cls, name)
            if parameters(method):
                yield name, method
