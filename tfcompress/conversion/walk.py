"""The layers of a model that a conversion comes by."""

import dataclasses

import keras

from tfcompress.layers.compressed_rnn import CompressedRNN

# Layers around cells: those of Keras that are more, such as LSTM, have hosts themselves.
RECURRENT = (keras.layers.RNN, CompressedRNN)


@dataclasses.dataclass(frozen=True)
class Part:
    """A layer of a model, or of a layer that holds others.

    Args:
        layer: The layer.
        wrapper: The layer of the model that holds it, or None.
        traced: Whether its calls show no values: they are a loop's.
    """

    layer: keras.Layer
    wrapper: keras.Layer | None
    traced: bool


def parts_of(model):
    """Yields the parts of a model, and those of models in it in their place."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from parts_of(layer)
            continue
        loop = isinstance(layer, keras.layers.TimeDistributed)
        loop = loop or type(layer) in RECURRENT
        held = inside(layer).values()
        yield from (Part(getattr(layer, name), layer, loop) for name in held)
        if not held:
            yield Part(layer, None, False)


def inside(layer):
    """Returns the layers that a layer holds: its config's key -> its attribute."""
    if isinstance(layer, keras.layers.Bidirectional):
        return {"layer": "forward_layer", "backward_layer": "backward_layer"}
    if type(layer) in RECURRENT:
        return {"cell": "cell"}
    return {"layer": "layer"} if isinstance(layer, keras.layers.Wrapper) else {}
