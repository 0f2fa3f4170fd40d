"""The configuration of a model's graph."""

import keras


def graph_config(model):
    """Returns Keras's configuration of the graph of a Functional model.

    That of a class which builds its graph in its constructor holds other things.
    """
    config = model.get_config()
    if "input_layers" not in config:
        config = keras.Model(model.input, model.output).get_config()
    return config
