"""The batch on which a file and its model are compared."""

import numpy as np

from tfcompress import _checks

EXAMPLES = 16


def probe_batch(signature, probe, representative=None) -> dict[str, np.ndarray]:
    """Returns the batch to compare on, as an array for each input's name.

    That is the user's own, or the head of the representative data, or numbers drawn
    evenly from 0 to 1: they do no harm to layers that take logarithms, or that take
    their inputs as places in a table.

    Args:
        signature: The inputs of the model.
        probe: The user's batch, or None.
        representative: Representative examples by input name, or None.

    Raises:
        ValueError: `probe` does not fit, or is None where only it can tell sizes.
    """
    if probe is not None:
        return signature.arrays("probe", probe)
    if representative is not None:
        return {name: array[:EXAMPLES] for name, array in representative.items()}
    if signature.free:
        free = {name: signature.shapes[name] for name in signature.free}
        rule = f"be given for inputs with free sizes, {free}"
        remedy = "Its sizes are those that the file is tried with."
        raise _checks.error("probe", rule, None, remedy=remedy)
    random = np.random.default_rng(0)
    return {
        name: _draw(random, (EXAMPLES, *shape[1:]), signature.dtypes[name])
        for name, shape in signature.shapes.items()
    }


def _draw(random, shape, dtype):
    if "float" in dtype:
        return random.random(shape).astype("float32")
    return random.integers(0, 2, shape).astype(dtype)
