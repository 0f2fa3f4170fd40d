"""The calls of layers, as a config of legacy Keras has them."""

import warnings

from tfcompress.interop.calls import History
from tfcompress.interop.refusal import refusal

RECURRENT = ("RNN", "LSTM", "GRU", "SimpleRNN", "Bidirectional")
RECURRENT += ("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
CONSTANT = "_CONSTANT_VALUE"


def use(node, kind, path, renamed):
    """Returns `(args, kwargs)` of a call, with a `History` for each tensor.

    Args:
        node: What the config has for the call.
        kind: Class of the layer that is called.
        path: Name of that layer, for errors.
        renamed: The name in Keras 3 for each layer's name.

    Raises:
        ValueError: The call is one of training always.

    Warns:
        UserWarning: It is one of training never, which Keras 3 forgets.
    """
    first = histories(node, renamed)
    if isinstance(first, list) and len(first) == 1:
        first = first[0]
    kwargs = {key: histories(v, renamed) for key, v in _options(node).items()}
    training = kwargs.pop("training", None)
    if training:
        why = "it is called with `training=True`, which Keras 3 does not keep"
        raise refusal(path, kind, why)
    if training is False:
        warnings.warn(
            f"Layer {path!r} is called with `training=False`, which Keras 3 forgets in "
            "`fit`. Set its `trainable` to False to keep its statistics.",
            stacklevel=6,
        )
    if kind in RECURRENT and isinstance(first, list):
        first, *kwargs["initial_state"] = first
    return [first], {key: v for key, v in kwargs.items() if v is not None}


def _options(node):
    """Returns the keyword arguments of a call, which the config has at each tensor."""
    if _is_tensor(node):
        return node[3] if len(node) == 4 else {}
    nested = node.values() if isinstance(node, dict) else node
    return next((_options(one) for one in nested), {})


def _is_tensor(structure):
    return (
        isinstance(structure, (list, tuple))
        and len(structure) in (3, 4)
        and isinstance(structure[0], str)
        and isinstance(structure[1], int)
    )


def histories(structure, renamed):
    """Returns a structure of tensors, as a config has them, of `History`."""
    if _is_tensor(structure):
        name, use, position = structure[:3]
        return position if name == CONSTANT else History(renamed[name], use, position)
    if isinstance(structure, dict):
        return {key: histories(value, renamed) for key, value in structure.items()}
    if isinstance(structure, (list, tuple)):
        return [histories(value, renamed) for value in structure]
    return structure
