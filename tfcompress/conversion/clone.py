"""A copy of a Sequential or Functional model, with some layers replaced."""

import keras

from tfcompress import _checks


def clone(model, replace):
    """Returns a copy of `model`: same graph, same names, same weights.

    `replace(layer)` gives the new layer for `layer`, built and with its weights, or
    None to copy it. It is asked once for each layer, inside nested models too.
    """
    refuse_subclassed(model)
    copied = []

    def copy(layer):
        if isinstance(layer, keras.Model) and not _is_graph(layer):
            refuse_subclassed(layer)
        if isinstance(layer, keras.Model):
            return clone(layer, replace)
        if isinstance(layer, keras.Layer):
            replaced = replace(layer)
            if replaced is not None:
                return replaced
        new = type(layer).from_config(layer.get_config())
        if isinstance(layer, keras.Layer):
            copied.append((layer, new))
        return new

    # Keras would name its new inputs anew, and with them the features of a data set
    # and the arguments of an exported file.
    inputs = None if isinstance(model, keras.Sequential) else _inputs_like(model)
    new_model = keras.models.clone_model(
        model, input_tensors=inputs, clone_function=copy
    )
    for layer, new in copied:
        new.set_weights(layer.get_weights())
    new_model.trainable = model.trainable
    for layer, new in zip(model.layers, new_model.layers, strict=True):
        new.trainable = layer.trainable
    return new_model


def refuse_subclassed(model):
    """Raises unless `model` is a built model whose graph Keras knows."""
    _checks.instance("model", model, keras.Model, "a `keras.Model`")
    if not _is_graph(model):
        raise _checks.error(
            "model",
            "be Sequential or Functional: the graph of a subclassed model is code",
            type(model).__name__,
            remedy="Use the compressed layers where the model makes its own "
            "(`tfcompress.layers`), or rebuild it with `keras.Model(inputs, outputs)`.",
        )
    if not model.built:
        remedy = "Call it on a batch, or start it with `keras.Input`."
        raise _checks.error("model", "be built", model.name, remedy=remedy)


def _is_graph(model):
    return isinstance(model, keras.Sequential) or (
        hasattr(model, "inputs") and hasattr(model, "operations") and bool(model.inputs)
    )


def _inputs_like(model):
    names = {id(layer.output): layer.name for layer in _input_layers(model)}
    return keras.tree.map_structure(
        lambda tensor: keras.Input(
            batch_shape=tensor.shape,
            dtype=tensor.dtype,
            sparse=tensor.sparse,
            name=names.get(id(tensor), tensor.name),
        ),
        model.input,
    )


def _input_layers(model):
    return [o for o in model.operations if isinstance(o, keras.layers.InputLayer)]
