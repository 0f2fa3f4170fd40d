"""All layers of a model, those inside of layers included."""

import keras

from tfcompress.report.sublayers import sublayers


def every_layer(model) -> list[keras.layers.Layer]:
    """Returns `model` and every layer in it, however deep, each once."""
    found, waiting = {}, [model]
    while waiting:
        layer = waiting.pop()
        if id(layer) not in found:
            found[id(layer)] = layer
            waiting += sublayers(layer)
    return list(found.values())
