"""The configuration of a model's graph."""

import keras

from tfcompress import _checks


def graph_config(model):
    """Returns Keras's configuration of the graph of a Functional model.

    That of a class which builds its graph in its constructor holds other things.

    Raises:
        ValueError: If a layer cannot give its configuration.
    """
    try:
        config = model.get_config()
        if "input_layers" not in config:
            config = keras.Model(model.input, model.output).get_config()
    except Exception as fault:  # whatever the author of a layer raises
        raise _checks.error(
            "model",
            "hold layers that give their own configuration",
            model.name,
            remedy=f"A `get_config` raises {fault!r}.",
        ) from fault
    return config
