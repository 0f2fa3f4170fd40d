"""Whether two models give the same outputs."""

import keras
import numpy as np

from tfcompress import _checks


def refuse_other_outputs(model, changed, name, value):
    """Raises unless both models give the same outputs for random inputs.

    Args:
        model: A built Sequential or Functional model.
        changed: Another, of the same inputs.
        name: The argument that asked for the change, for the message.
        value: Its value.

    Raises:
        ValueError: If they do not.
    """
    random = np.random.default_rng(0)
    inputs = [
        random.integers(0, 2, _shape(tensor))
        if "int" in tensor.dtype
        else random.normal(size=_shape(tensor)).astype("float32")
        for tensor in model.inputs
    ]
    before, after = (_outputs(one, inputs) for one in (model, changed))
    for old, new in zip(before, after, strict=True):
        if not np.allclose(old, new, 1e-3, 1e-4 * max(1, np.abs(old).max())):
            rule = "name a layer whose change this model's graph allows exactly"
            raise _checks.error(name, rule, value)


def _shape(tensor):
    """The shape of one example; axes of any length are short."""
    return [2, *(4 if size is None else size for size in tensor.shape[1:])]


def _outputs(model, inputs):
    inputs = (
        keras.tree.pack_sequence_as(model.input, inputs) if inputs[1:] else inputs[0]
    )
    made = keras.tree.flatten(model(inputs, training=False))
    return [keras.ops.convert_to_numpy(keras.ops.cast(one, "float32")) for one in made]
