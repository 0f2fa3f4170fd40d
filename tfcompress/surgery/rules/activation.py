"""Which activations work on each channel by itself."""

import keras
import numpy as np

POINTWISE = {
    "celu",
    "elu",
    "exponential",
    "gelu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
}
LAYERS = (
    keras.layers.Activation,
    keras.layers.ELU,
    keras.layers.LeakyReLU,
    keras.layers.ReLU,
)


def is_pointwise(activation) -> bool:
    """Returns whether `activation` is known to work on each number by itself."""
    if activation is None:
        return True
    if type(activation) is keras.layers.Activation:
        return is_pointwise(activation.activation)
    if isinstance(activation, keras.Operation):
        return type(activation) in LAYERS
    return (
        getattr(activation, "__name__", None) in POINTWISE
        and getattr(keras.activations, activation.__name__, None) is activation
    )


def applied(activation, values: np.ndarray) -> np.ndarray:
    """Returns the activation of `values`; NaN, a value not known, stays NaN."""
    known = np.where(np.isnan(values), 0, values).astype("float32")
    if activation is not None:
        known = keras.ops.convert_to_numpy(activation(known))
    return np.where(np.isnan(values), np.nan, known)
