"""The parts of a model that a report speaks of one by one."""

import keras

from tfcompress.report.macs import is_known
from tfcompress.sublayers import sublayers


def parts(model) -> list[tuple[str, keras.layers.Layer]]:
    """Returns the parts of `model` with their paths, each once, in order.

    A part is a layer whose cost has a rule (`macs`), or that holds no other layers.
    Models, and layers of other types that hold layers, are opened. One that has
    variables of its own besides is a part as well, after those it holds.
    """
    return list(_parts(model, "", set()))


def _parts(layer, path, seen):
    if id(layer) in seen:
        return
    seen.add(id(layer))
    inner = [] if is_known(layer) else sublayers(layer)
    for sublayer in inner:
        yield from _parts(sublayer, f"{path}/{sublayer.name}".lstrip("/"), seen)
    if not inner or _own_variables(layer, inner):
        yield path or layer.name, layer


def _own_variables(layer, inner):
    held = {id(w) for sublayer in inner for w in sublayer.weights}
    return [w for w in layer.weights if id(w) not in held]
