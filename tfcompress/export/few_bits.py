"""Weights of two or four bits, in the dense layers of a TFLite file."""

import contextlib
import io
import pathlib
import re

import numpy as np

from tfcompress.export.constants import dense_weights, tensor_types

BLOCKS = (128, 64, 32)  # numbers that may share a scale, the best for LiteRT first
LEAST_HALF = 2.0**-14  # the scales of blocks are in half precision; below it digits go


def quantize_dense_layers(source, path, *, bits: int) -> None:
    """Writes the float TFLite file `source` to `path` with dense weights of few bits.

    Each output of a dense layer has its own scale, or with four bits each block of 128,
    64 or 32 inputs, where that divides their number: nearer to the weights, and several
    times faster. What goes into the layer is quantized as it comes, to eight bits. Two
    bits are the values -1, 0 and 1 times the scale: ternary and binary weights are
    carried exactly.

    Args:
        source: A TFLite file with float32 weights.
        path: File to write.
        bits: 2 or 4.

    Raises:
        ValueError: There is no dense layer.
    """
    from ai_edge_quantizer import qtyping, quantizer

    dense = qtyping.TFLOperationName.FULLY_CONNECTED
    tool = quantizer.Quantizer(str(source))
    tool.add_dynamic_config(regex=".*", operation_name=dense, num_bits=bits)
    for output, weight in dense_weights(source) if bits == 4 else ():
        if block := _block(weight):
            tool.add_dynamic_config(
                regex=f"^{re.escape(output)};?$",
                operation_name=dense,
                num_bits=bits,
                granularity=qtyping.QuantGranularity[f"BLOCKWISE_{block}"],
            )
    with silence():
        result = tool.quantize()
    pathlib.Path(path).write_bytes(result.quantized_model)
    if tensor_types(path) <= tensor_types(source):
        raise ValueError("there is no dense layer to quantize")


def block_size(width: int) -> int:
    """Returns the numbers that may share a scale in rows of `width`; 0 if none divides."""
    return next((block for block in BLOCKS if width % block == 0), 0)


def _block(weight) -> int:
    """Returns the length of the blocks that suit `weight`, a row for each output."""
    block = block_size(weight.shape[1])
    if not block:
        return 0
    scales = np.abs(weight.reshape(-1, block)).max(axis=1) / 7
    return block if scales.min() >= LEAST_HALF else 0


@contextlib.contextmanager
def silence():
    """Keeps the progress bars of the quantizer off the screen."""
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        yield
