"""A model whose layers round as quantization-aware training has taught them."""

import numpy as np

from tfcompress.conversion.convert import convert
from tfcompress.kernels.quantized import Quantized


def quantized_model(model, rounding):
    """Returns `model` with a `Quantized` kernel in each layer that `rounding` names.

    The ends of the ranges are those that were learned there: `learned_range=True` keeps
    them as variables, which more training goes on with.

    Args:
        model: A plain Keras 3 model, with weights that are rounded.
        rounding: A `Rounding` for each layer's name.
    """
    if not rounding:
        return model
    rules = {
        name: Quantized(
            bits=how.bits,
            per_channel=len(how.high) > 1,
            learned_range=True,
            quantize_inputs=None if how.inputs is None else how.inputs.bits,
        )
        for name, how in rounding.items()
    }
    made = convert(model, rules)
    for name, how in rounding.items():
        [kernel] = made.get_layer(name).kernels.values()
        array = kernel.latent.numpy()
        kernel.high.assign(np.reshape(how.high, kernel.high.shape))
        if how.inputs is not None:
            kernel.inputs.low.assign(how.inputs.low)
            kernel.inputs.high.assign(how.inputs.high)
        kernel.measure(array)
    return made
