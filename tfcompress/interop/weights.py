"""The weights of a model, carried from layer to layer by name."""

import numpy as np

from tfcompress.interop.build import parts
from tfcompress.interop.refusal import refusal


def collect(graph, model) -> dict[str, np.ndarray]:
    """Returns each weight of `model`, made of `graph`, by its layer's path and number."""
    return {
        f"{path}:{number}": plain(variable)
        for path, layer in parts(graph, model)
        for number, variable in enumerate(variables(layer))
    }


def assign(graph, model, arrays) -> None:
    """Gives `model`, made of `graph`, the weights that `collect` returned.

    Raises:
        ValueError: A layer has other weights; the error names it.
    """
    for path, layer in parts(graph, model):
        wanted = variables(layer)
        count = sum(key.rpartition(":")[0] == path for key in arrays)
        set_weights(layer, path, wanted, [arrays[f"{path}:{i}"] for i in range(count)])


def set_weights(layer, path, wanted, arrays) -> None:
    """Assigns `arrays` to the variables `wanted` of a layer."""
    check_shapes(layer, path, wanted, arrays)
    for variable, array in zip(wanted, arrays, strict=True):
        variable.assign(array)
    if wanted and hasattr(layer, "finalize_state"):
        layer.finalize_state()  # `Normalization` computes with copies


def check_shapes(layer, path, wanted, arrays) -> None:
    """Raises unless `arrays` have the shapes of the variables `wanted` of a layer."""
    shapes = [tuple(variable.shape) for variable in wanted]
    if shapes != [array.shape for array in arrays]:
        found = [array.shape for array in arrays]
        why = f"its weights have the shapes {shapes} here, and there {found}"
        raise refusal(path, type(layer).__name__, why)


def variables(layer) -> list:
    """Returns the weights of a layer in the one order that both Kerases can give."""
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def plain(variable) -> np.ndarray:
    """Returns the value of a variable in a type that NumPy has itself."""
    array = np.asarray(variable.numpy())
    return array if array.dtype.kind in "iub" else array.astype("float32")
