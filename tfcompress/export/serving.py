"""The function that every export serves, and the SavedModel that carries it."""

import contextlib

import keras

from tfcompress.kernels.kernel import Kernel
from tfcompress.report.sublayers import sublayers

ENDPOINT = "serve"


def serving_function(model, signature, *, batch_size=None, recompute=False):
    """Returns the traced `tf.function` of `model`'s inference.

    Args:
        model: The model.
        signature: Its inputs.
        batch_size: Number of examples of every call; free if None.
        recompute: Whether tables that follow from a seed are computed in the graph,
            instead of being constants in it.
    """
    import tensorflow as tf

    def serve(inputs):
        with contextlib.ExitStack() as stack:
            for kernel in kernels(model) if recompute else ():
                stack.enter_context(kernel.recomputed())
            outputs = model(inputs, training=False)
        # TensorFlow gives a lone output and those of a list the names that we do.
        return named_outputs(outputs) if isinstance(outputs, dict) else outputs

    specs = [signature.specs(batch_size)]
    function = tf.function(serve, input_signature=specs, autograph=False)
    function.get_concrete_function()
    return function


def write_saved_model(function, folder) -> None:
    """Writes `function` as a SavedModel that stores each of its variables once."""
    # `model.export` tracks the model too, and then stores everything a second time.
    archive = keras.export.ExportArchive()
    archive.add_endpoint(ENDPOINT, function)
    archive.write_out(str(folder), verbose=False)


def named_outputs(outputs) -> dict:
    """Returns `outputs`, of any structure, by the names that a file has for them."""
    if isinstance(outputs, dict) and not any(map(keras.tree.is_nested, outputs.values())):
        return dict(outputs)
    return {f"output_{i}": leaf for i, leaf in enumerate(keras.tree.flatten(outputs))}


def operations(function) -> set[str]:
    """Returns the types of the operations in `function`, inner functions included."""
    graph = function.get_concrete_function().graph.as_graph_def()
    inner = [node for one in graph.library.function for node in one.node_def]
    return {node.op for node in [*graph.node, *inner]}


def kernels(model) -> list[Kernel]:
    """Returns every kernel in `model`, however deep."""
    seen, waiting = {}, [model]
    while waiting:
        layer = waiting.pop()
        if id(layer) not in seen:
            seen[id(layer)] = layer
            waiting += sublayers(layer)
    return [layer for layer in seen.values() if isinstance(layer, Kernel)]
