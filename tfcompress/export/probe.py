"""The batch on which a file and its model are compared, and the comparison."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.export.export_error import ExportError

EXAMPLES = 16


def probe_batch(signature, probe, representative) -> dict[str, np.ndarray]:
    """Returns the batch to compare on, as an array for each input's name.

    That is the user's own, or the head of the representative data, or numbers drawn
    evenly from 0 to 1: they are harmless to layers that take logarithms, or turn their
    inputs into the indices of a table.

    Args:
        signature: The inputs of the model.
        probe: The user's batch, or None.
        representative: Representative examples by input name, or None.
    """
    if probe is not None:
        return signature.arrays("probe", probe)
    if representative is not None:
        return {name: array[:EXAMPLES] for name, array in representative.items()}
    if signature.free:
        rule = "be given for a model whose inputs have free sizes"
        shapes = {name: signature.shapes[name] for name in signature.free}
        raise _checks.error("probe", rule, None, remedy=f"Its inputs: {shapes}.")
    random = np.random.default_rng(0)
    return {
        name: _draw(random, (EXAMPLES, *shape[1:]), signature.dtypes[name])
        for name, shape in signature.shapes.items()
    }


def reference_outputs(model, inputs) -> dict[str, np.ndarray]:
    """Returns what `model` itself gives, by the names that the file will use.

    Raises:
        ExportError: It gives something that is not finite.
    """
    outputs = named_outputs(model(inputs, training=False))
    outputs = {name: _numbers(tensor) for name, tensor in outputs.items()}
    for name, array in outputs.items():
        if not np.isfinite(array).all():
            raise ExportError(
                f"`model` gives NaN or infinity at {name!r}, before any export. Look at "
                "its weights, or give a `probe` of inputs that it is made for."
            )
    return outputs


def named_outputs(outputs) -> dict:
    """Returns `outputs`, of any structure, as a dictionary: as an export names them."""
    if isinstance(outputs, dict) and not any(map(keras.tree.is_nested, outputs.values())):
        return dict(outputs)
    return {f"output_{i}": leaf for i, leaf in enumerate(keras.tree.flatten(outputs))}


def errors(reference: dict, outputs: dict) -> tuple[float, float]:
    """Returns the greatest error of `outputs`, as a number and as a share.

    Each output's error is a share of that output's greatest value in `reference`.
    Both are infinite where something is not a number, or of another shape.
    """
    absolute = relative = 0.0
    for name, right in reference.items():
        got = np.asarray(outputs[name], "float64")
        if got.shape != right.shape or not np.isfinite(got).all():
            return float("inf"), float("inf")
        error = float(np.abs(got - right).max(initial=0))
        absolute = max(absolute, error)
        relative = max(relative, error / (float(np.abs(right).max(initial=0)) or 1.0))
    return absolute, relative


def _draw(random, shape, dtype):
    if dtype.startswith("float") or dtype == "bfloat16":
        return random.random(shape).astype("float32")
    return random.integers(0, 2, shape).astype(dtype)


def _numbers(tensor):
    return keras.ops.convert_to_numpy(tensor).astype("float64")
