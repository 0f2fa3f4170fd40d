"""Weights of two or four bits, in the dense layers of a TFLite file."""

import contextlib
import io
import pathlib

from tfcompress.export.constants import tensor_types

BLOCKS = (128, 64, 32)  # numbers that may share a scale, the best for LiteRT first


def quantize_dense_layers(source, path, *, bits: int) -> None:
    """Writes the float TFLite file `source` to `path` with dense weights of few bits.

    Each output of a dense layer has its own scale; what goes into the layer is
    quantized as it comes, to eight bits. Two bits are the values -1, 0 and 1 times the
    scale: ternary and binary weights are carried exactly.

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
    with silence():
        result = tool.quantize()
    pathlib.Path(path).write_bytes(result.quantized_model)
    if tensor_types(path) <= tensor_types(source):
        raise ValueError("there is no dense layer to quantize")


@contextlib.contextmanager
def silence():
    """Keeps the progress bars of the quantizer off the screen."""
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        yield
