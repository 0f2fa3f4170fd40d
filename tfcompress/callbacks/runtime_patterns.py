"""The patterns for which a runtime has faster kernels, weight by weight."""

import keras

from tfcompress.patterns.block import Block
from tfcompress.patterns.unstructured import Unstructured
from tfcompress.selection import layers_around

_BLOCK = Block((4, 1))


def for_litert(model, variables):
    """Returns a pattern for each variable, and what it is good for in words.

    LiteRT has sparse kernels for dense layers alone, and for blocks of 4 inputs.
    """
    pairs = [
        _of_kernel(variable, layers)
        for variable, layers in zip(
            variables, layers_around(model, variables), strict=True
        )
    ]
    return [list(column) for column in zip(*pairs, strict=True)]


def _of_kernel(variable, layers):
    dense = any(isinstance(layer, keras.layers.Dense) for layer in layers)
    if not dense or len(variable.shape) != 2:
        return Unstructured(), "only smaller: not the kernel of a Dense layer"
    if variable.shape[0] % _BLOCK.shape[0]:
        inputs = variable.shape[0]
        return Unstructured(), f"only smaller: 4 does not divide {inputs} inputs"
    return _BLOCK, "smaller and faster"


RUNTIMES = {"litert": for_litert}
