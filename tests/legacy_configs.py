"""Configs as legacy Keras writes them, by hand: no legacy Keras is needed to test them."""


def layer(kind, name, nodes=(), /, **config):
    """The entry of a layer, with what is called on it by `nodes`."""
    config = {"name": name, "trainable": True, "dtype": "float32", **config}
    nodes = [*nodes]
    return {"class_name": kind, "name": name, "config": config, "inbound_nodes": nodes}


def source(name, *sizes, **config):
    shape = [None, *sizes]
    return layer("InputLayer", name, batch_input_shape=shape, sparse=False, **config)


def value(name, use=0, position=0, **kwargs):
    return [name, use, position, kwargs]


def functional(entries, inputs, outputs, name="model"):
    config = {"name": name, "trainable": True, "layers": entries}
    ends = {"input_layers": inputs, "output_layers": outputs}
    return {"class_name": "Functional", "config": {**config, **ends}}


def sequential(*entries, name="sequential"):
    plain = [{key: e[key] for key in ("class_name", "config")} for e in entries]
    return {"class_name": "Sequential", "config": {"name": name, "layers": plain}}


def nested(entry, name, nodes=()):
    """The entry of a model in a model."""
    return {**entry, "name": name, "inbound_nodes": [*nodes]}
