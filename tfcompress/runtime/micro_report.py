"""Whether a TFLite file suits a microcontroller, and the memory that it needs there."""

import dataclasses

import numpy as np

from tfcompress.runtime.tflite_model import tflite_file

# Operations of TFLite Micro, by the list that its own interpreter for Python registers.
NAMES = """
    ABS ADD ADD_N ARG_MAX ARG_MIN ASSIGN_VARIABLE AVERAGE_POOL_2D BATCH_TO_SPACE_ND
    BROADCAST_ARGS BROADCAST_TO CALL_ONCE CAST CEIL CONCATENATION CONV_2D COS CUMSUM
    DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE DIV ELU EQUAL EXP EXPAND_DIMS FILL FLOOR
    FLOOR_DIV FLOOR_MOD FULLY_CONNECTED GATHER GATHER_ND GREATER GREATER_EQUAL HARD_SWISH
    IF L2_NORMALIZATION L2_POOL_2D LEAKY_RELU LESS LESS_EQUAL LOG LOGICAL_AND LOGICAL_NOT
    LOGICAL_OR LOGISTIC LOG_SOFTMAX MAXIMUM MAX_POOL_2D MEAN MINIMUM MIRROR_PAD MUL NEG
    NOT_EQUAL PACK PAD PADV2 PRELU QUANTIZE READ_VARIABLE REDUCE_MAX RELU RELU6 RESHAPE
    RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR ROUND RSQRT SELECT_V2 SHAPE SIN SLICE SOFTMAX
    SPACE_TO_BATCH_ND SPACE_TO_DEPTH SPLIT SPLIT_V SQRT SQUARE SQUARED_DIFFERENCE SQUEEZE
    STRIDED_SLICE SUB SUM SVDF TANH TRANSPOSE TRANSPOSE_CONV UNIDIRECTIONAL_SEQUENCE_LSTM
    UNPACK VAR_HANDLE WHILE ZEROS_LIKE
"""
OPERATIONS = frozenset(NAMES.split())
ALIGNMENT = 16  # bytes
# Of the types that TFLite numbers so: float16, uint8, int64, bool, int16, int8; else 4.
BYTES = {1: 2, 3: 1, 4: 8, 6: 1, 7: 2, 9: 1}
WEIGHTED = ("FULLY_CONNECTED", "CONV_2D", "DEPTHWISE_CONV_2D")


@dataclasses.dataclass(frozen=True)
class MicroReport:
    """Whether a TFLite file suits TFLite Micro; `str` of it is a few lines.

    Args:
        bytes: Size of the file, which lies in flash memory.
        arena_bytes: The least memory for the values that are alive at the same time,
            with one example. What TFLite Micro needs for itself comes on top.
        operations: Names of the operations.
        missing: What TFLite Micro does not have, in words; empty if nothing.
    """

    bytes: int
    arena_bytes: int
    operations: tuple[str, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        lacks = "; ".join(self.missing) or "nothing"
        return (
            f"{self.bytes:,} bytes of flash, at least {self.arena_bytes:,} of memory\n"
            f"operations: {', '.join(self.operations)}\n"
            f"TFLite Micro lacks: {lacks}"
        )


def micro_report(path) -> MicroReport:
    """Returns whether the TFLite file at `path` suits TFLite Micro.

    The operations are compared with a list of those of TFLite Micro: `DENSIFY`, of files
    that leave out zeros, is not among them. Nor does it take integer weights beside float
    inputs (`quantize="dynamic"`, `"int4"`, `"int2"`); `"int8"` is what it is made for. The
    file is not run; only the device shows that it works, and how fast.

    Args:
        path: The file.

    Raises:
        ValueError: There is no such file, or it is not a TFLite file.

    Example:

    >>> import tempfile
    >>> model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result = tfc.export.to_tflite(model, folder + "/m.tflite", batch_size=1)
    ...     report = tfc.runtime.micro_report(result.path)
    >>> report.operations, report.missing, report.arena_bytes  # 8 and 4 numbers
    (('FULLY_CONNECTED',), (), 48)
    """
    from ai_edge_litert import schema_py_generated as schema

    path = tflite_file(path)
    content = path.read_bytes()
    model = schema.Model.GetRootAs(content, 0)
    codes = {v: k for k, v in vars(schema.BuiltinOperator).items() if k[:1] != "_"}
    operations, missing, arena = {}, {}, 0
    for graph in map(model.Subgraphs, range(model.SubgraphsLength())):
        arena += _arena(model, graph)
        for operator in map(graph.Operators, range(graph.OperatorsLength())):
            code = model.OperatorCodes(operator.OpcodeIndex())
            # Files of old have the first few operations in a smaller field.
            number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
            name = codes[number]
            operations[name] = None
            if name not in OPERATIONS:
                missing[name] = None
            if name in WEIGHTED and _is_mixed(schema, graph, operator):
                missing[f"{name} with integer weights and float inputs"] = None
    return MicroReport(len(content), arena, tuple(operations), tuple(missing))


def _is_mixed(schema, graph, operator) -> bool:
    values, weights = (graph.Tensors(operator.Inputs(i)) for i in (0, 1))
    return values.Type() == schema.TensorType.FLOAT32 != weights.Type()


def _arena(model, graph) -> int:
    """Returns the greatest sum of the values that are alive at the same time."""
    steps = range(graph.OperatorsLength())
    ends = {}  # first and last operation that a value is needed at
    for index in graph.InputsAsNumpy():
        ends[index] = [0, 0]
    for step in steps:
        operator = graph.Operators(step)
        inputs = map(operator.Inputs, range(operator.InputsLength()))
        outputs = map(operator.Outputs, range(operator.OutputsLength()))
        for index in (*inputs, *outputs):
            ends.setdefault(index, [step, step])[1] = step
    for index in graph.OutputsAsNumpy():
        ends.setdefault(index, [len(steps), 0])[1] = len(steps)
    sums = np.zeros(len(steps) + 1, "int64")
    for index, (first, last) in ends.items():
        if index >= 0:  # -1 is an input that is not there
            sums[first : last + 1] += _bytes(model, graph.Tensors(index))
    return int(sums.max())


def _bytes(model, tensor) -> int:
    """Returns the bytes of a value, none if it is a constant."""
    buffer = model.Buffers(tensor.Buffer())
    if buffer.DataLength() or buffer.Size():
        return 0
    shape = tensor.ShapeAsNumpy() if tensor.ShapeLength() else np.ones(1)
    size = int(np.prod(shape)) * BYTES.get(tensor.Type(), 4)
    return -(-size // ALIGNMENT) * ALIGNMENT
