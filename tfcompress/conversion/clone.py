"""A copy of a Sequential or Functional model, with some layers replaced."""

import keras

from tfcompress import _checks


def clone(model, replace, shapes=None, call=None):
    """Returns a copy of `model`: same graph, same names, same weights.

    Args:
        model: A built Sequential or Functional model.
        replace: `replace(layer)` gives the new layer for `layer`, or None to copy it.
            It is asked once for each layer or operation, inside nested models too.
        shapes: New batch shapes of inputs, by the `id` of their `InputLayer`, or of
            the model where that is Sequential. Others stay as they are.
        call: `call(layer, *args, **kwargs)` calls a new layer of a Functional model, or
            more than that; None for that alone. It is not asked inside nested models.
    """
    refuse_subclassed(model)
    shapes = shapes or {}
    copied = []

    def copy(layer):
        if isinstance(layer, keras.Model) and not _is_graph(layer):
            refuse_subclassed(layer)
        if isinstance(layer, keras.Model):
            return clone(layer, replace, shapes)
        replaced = replace(layer)
        if replaced is not None:
            return replaced
        new = _again(layer)
        if isinstance(layer, keras.Layer):
            copied.append((layer, new))
        return new

    # Keras would name its new inputs anew, and with them the features of a data set
    # and the arguments of an exported file.
    inputs = _inputs_like(model, shapes)
    new_model = keras.models.clone_model(
        model, input_tensors=inputs, clone_function=copy, call_function=call
    )
    for layer, new in copied:
        new.set_weights(layer.get_weights())
    new_model.trainable = model.trainable
    for layer in model.layers:
        new_model.get_layer(layer.name).trainable = layer.trainable
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


def _again(layer):
    if type(layer) is not keras.layers.Lambda:
        try:
            return type(layer).from_config(layer.get_config())
        except Exception as fault:  # whatever its author's code raises
            raise _checks.error(
                "model",
                "hold layers that Keras can make anew from their own `get_config`",
                layer.name,
                remedy=f"That of {type(layer).__name__!r} raises {fault!r}.",
            ) from fault
    config = layer.get_config()
    # Safe: its code is not read from a file, it is here already. And better here, where
    # it finds the names that it uses.
    new = keras.layers.Lambda.from_config(config, safe_mode=False)
    new.function = layer.function
    return new


def _inputs_like(model, shapes):
    if isinstance(model, keras.Sequential):
        if id(model) not in shapes:
            return None
        [tensor] = model.inputs
        return keras.Input(batch_shape=shapes[id(model)], dtype=tensor.dtype)
    layers = {id(layer.output): layer for layer in _input_layers(model)}

    def like(tensor):
        layer = layers.get(id(tensor))
        return keras.Input(
            batch_shape=shapes.get(id(layer), tensor.shape),
            dtype=tensor.dtype,
            sparse=tensor.sparse,
            name=tensor.name if layer is None else layer.name,
        )

    return keras.tree.map_structure(like, model.input)


def _input_layers(model):
    return [o for o in model.operations if isinstance(o, keras.layers.InputLayer)]
