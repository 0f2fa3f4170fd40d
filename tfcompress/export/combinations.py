"""What cannot be combined in a TFLite file, and what to use instead.

The converter refuses few of these. It writes files that do not load, or that load and
give wrong numbers; so they are refused here, by name.
"""

from tfcompress import _checks
from tfcompress.export.constants import ENOUGH_ZEROS
from tfcompress.export.export_error import ExportError

FEW_BITS = {"int4": 4, "int2": 2}
NOT_SPARSE = ("dynamic", "kernels", *FEW_BITS)
LOOPS = {"While", "StatelessWhile"}
CONVOLUTIONS = {
    "Conv2D",
    "Conv2DBackpropInput",
    "Conv3D",
    "Conv3DBackpropInputV2",
    "DepthwiseConv2dNative",
}
STATE = {"AssignVariableOp", "AssignAddVariableOp", "AssignSubVariableOp"}
# Where the converter leaves out zeros by blocks: the share is its own.
IN_BLOCKS = 0.9

INSTEAD = {
    None: "Does a layer draw random numbers at inference? Try `to_saved_model`.",
    "float16": "Use quantize=None or 'dynamic'.",
    "dynamic": "Use quantize='float16', or 'int8' with `representative_data`.",
    "int8": "Give `representative_data` that covers what the model will see, or use "
    "quantize='dynamic' or 'float16'.",
    "kernels": "Use quantize='dynamic', or train the kernels further.",
    "int4": "Use quantize='int8' or 'dynamic'.",
    "int2": "Two bits suit weights that were trained as ternary or binary ones "
    "(`tfcompress.kernels.Binary`); for others use quantize='int8' or 'dynamic'.",
}


def refuse_settings(quantize, sparse, compact=False) -> None:
    """Raises if `sparse` or `compact` does not go with `quantize`, whatever the model.

    Raises:
        ValueError: The pair is known to fail.
    """
    if compact and quantize not in (None, "float16"):
        rule = f"not be True with quantize={quantize!r}"
        remedy = (
            "Values that are looked up are not quantized; use quantize=None or "
            "'float16', or compact=False, which quantizes the whole weights."
        )
        raise _checks.error("compact", rule, compact, remedy=remedy)
    if sparse and quantize in NOT_SPARSE:
        rule = f"not be True with quantize={quantize!r}"
        remedy = (
            "LiteRT does not load such files, or runs them with wrong results. Use "
            "quantize='int8' for zeros in blocks of 16 inputs, None for any others."
        )
        raise _checks.error("sparse", rule, sparse, remedy=remedy)


def refuse_operations(quantize, operations: set[str]) -> None:
    """Raises if a model of these TensorFlow operations cannot be exported so.

    Raises:
        ExportError: It changes its variables, or has convolutions that would get few
            bits.
    """
    if operations & STATE:
        raise ExportError(
            "`model` changes a variable when it is called: a layer keeps a state, or "
            "draws random numbers at inference too. Switch that off: a TFLite file "
            "cannot do it."
        )
    found = operations & CONVOLUTIONS
    if quantize in FEW_BITS and found:
        raise ExportError(
            f"`quantize={quantize!r}` is for dense layers, and the model has "
            f"convolutions (TensorFlow's {', '.join(sorted(found))}): LiteRT computes "
            "these wrongly with 2 bits, and slower than in float32 with 4. Nothing was "
            "written. Use quantize='int8' or 'dynamic'."
        )


def loop_crash(how: str = "not tried") -> ExportError:
    """Returns the error for ranges of values inside of a loop; `how` it was learnt."""
    return ExportError(
        f"TensorFlow's converter crashes ({how}) at quantize='int8' of a model with "
        "loops. Nothing was written. Use quantize='dynamic' or 'float16'; for short "
        "sequences, recurrent layers with `unroll=True`."
    )


def sparse_fault(quantize, zeros) -> str:
    """Returns why leaving out the zeros of these weights would fail; '' if it works.

    Args:
        quantize: None, `"float16"` or `"int8"`.
        zeros: The `Zeros` of each weight.
    """
    zeros = [weight for weight in zeros if weight.worth_leaving_out]
    if not zeros:
        return (
            f"needs a weight with more than {ENOUGH_ZEROS:.0%} zeros, and there is "
            "none. Nothing was written. Prune first, or use sparse=None."
        )
    dense = [weight for weight in zeros if weight.dense]
    if quantize == "float16" and any(w.blocks[4] > IN_BLOCKS for w in dense):
        return (
            "must not be True with quantize='float16' for zeros in blocks of 4 inputs: "
            "LiteRT gives NaN. Nothing was written. Use quantize=None, or sparse=False."
        )
    if quantize == "int8" and any(w.blocks[16] <= IN_BLOCKS for w in dense):
        return (
            "must not be True with quantize='int8' unless the zeros of dense layers "
            "lie in blocks of 16 inputs: LiteRT does not load it. Nothing was written. "
            "Prune with the pattern `Block((16, 1))`, or use quantize=None, or "
            "sparse=False."
        )
    return ""
