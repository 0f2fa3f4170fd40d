"""The batch on which a model is compared in both Kerases."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.examples import examples
from tfcompress.interop.graph import INPUT, SEQUENTIAL
from tfcompress.stateless import refuse_stateful

EXAMPLES = 16


def probe_batch(model, graph, probe) -> list[np.ndarray]:
    """Returns a batch for a Keras 3 `model`, an array for each input in its order.

    That is `probe`, or numbers drawn evenly from 0 to 1; for the inputs of embeddings,
    places in their tables.

    Args:
        model: The model.
        graph: Its graph.
        probe: Examples as the model takes them, or None.

    Raises:
        ValueError: `probe` has other inputs, or is None where only it can tell sizes; or
            the model keeps a state from call to call.
    """
    refuse_stateful(model)
    if probe is not None:
        return arrays("probe", probe, model)
    random, drawn = np.random.default_rng(0), []
    for place, tensor in enumerate(model.inputs):
        sizes = tuple(tensor.shape[1:])
        if None in sizes:
            rule = f"be given for inputs with free sizes, {tuple(tensor.shape)}"
            raise _checks.error("probe", rule, None)
        shape = (tensor.shape[0] or EXAMPLES, *sizes)
        limit = _places(graph, place)
        if limit or not tensor.dtype.startswith(("float", "bfloat")):
            drawn.append(random.integers(0, limit or 2, shape).astype(tensor.dtype))
        else:
            drawn.append(random.random(shape).astype(tensor.dtype))
    return drawn


def arrays(name: str, x, model) -> list[np.ndarray]:
    """Returns `x` as an array for each input of `model`, in its order.

    Raises:
        ValueError: `x` are no such examples, or not finite.
    """
    chain = isinstance(model, keras.Sequential)
    structure = model.inputs[0] if chain else model.input
    if len(model.inputs) == 1 and not isinstance(x, (dict, list, tuple)):
        return [examples(name, x, model)]
    try:
        found = keras.tree.map_structure_up_to(structure, np.asarray, x)
    except (TypeError, ValueError) as error:
        names = keras.tree.map_structure(lambda tensor: tensor.name, structure)
        rule = f"hold an array for each input of the model, {names}"
        raise _checks.error(name, rule, type(x).__name__) from error
    return examples(name, keras.tree.flatten(found), model)


def outputs(model, batch) -> list[np.ndarray]:
    """Returns what a Keras 3 `model` makes of `batch`, at inference."""
    chain = isinstance(model, keras.Sequential)
    given = batch[0] if chain else keras.tree.pack_sequence_as(model.input, batch)
    made = keras.tree.flatten(model(given, training=False))
    return [keras.ops.convert_to_numpy(one).astype("float32") for one in made]


def _places(graph, place):
    """Returns the size of the table that an input holds places of, or None."""
    if graph.kind == SEQUENTIAL:
        first = next((p for p in graph.layers.values() if p.kind != INPUT), None)
        readers = [first]
    else:
        inputs = keras.tree.flatten(graph.inputs)
        readers = [
            graph.layers[c.layer] for c in graph.calls if inputs[place] in c.args
        ]
    sizes = [p.config["input_dim"] for p in readers if p and p.kind == "Embedding"]
    return min(sizes, default=None)
