"""The layers inside a layer, asked of its attributes."""

import keras


def sublayers(layer) -> list[keras.layers.Layer]:
    """Returns the layers that `layer` holds directly, each once.

    Models know theirs. Other layers have no public list of them, so their attributes
    are searched, with the lists and dictionaries among them.
    """
    if isinstance(layer, keras.Model):
        return layer.layers
    values = keras.tree.flatten(list(vars(layer).values()))
    found = {id(v): v for v in values if isinstance(v, keras.layers.Layer)}
    return list(found.values())


def every_layer(layer) -> list[keras.layers.Layer]:
    """Returns `layer` and every layer in it, however deep, each once."""
    found, waiting = {}, [layer]
    while waiting:
        one = waiting.pop()
        if id(one) not in found:
            found[id(one)] = one
            waiting += sublayers(one)
    return list(found.values())
