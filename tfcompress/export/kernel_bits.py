"""Weights of a TFLite file in the whole numbers of the kernels that they came from."""

import dataclasses
import pathlib
import re

import numpy as np

from tfcompress.export.few_bits import LEAST_HALF, block_size, silence
from tfcompress.kernels.codes import Codes
from tfcompress.layers.host import Host
from tfcompress.sublayers import every_layer

CLOSE = 1e-4  # of the greatest weight: what a folded normalization costs in float32
CONVOLUTION = "int8: LiteRT computes convolutions of fewer bits wrongly or slowly"
NOWHERE = "float32: not the weight of a dense layer or convolution in the file"
REAL = "float32: the kernel is not whole numbers times a scale"


@dataclasses.dataclass(frozen=True)
class Weight:
    """A weight in a file and the whole numbers that it consists of.

    Args:
        name: The layer and its weight.
        place: Index of the subgraph and of the operation.
        output: Name of what the operation gives.
        dense: Whether it is a dense layer.
        rows: The whole numbers, a row for each output channel, as the file has them.
        scales: What each row is multiplied with in the file.
        bits: Bits of each in the file: 2, 4 or 8.
        block: Numbers that share a scale in the file; 0 for a whole row.
    """

    name: str
    place: tuple[int, int]
    output: str
    dense: bool
    rows: np.ndarray
    scales: np.ndarray
    bits: int
    block: int

    def __str__(self) -> str:
        if not self.dense:
            return f"{self.name}: {CONVOLUTION}"
        return f"{self.name}: int{self.bits}" + f" in blocks of {self.block}" * bool(
            self.block
        )


def kernel_codes(model) -> dict[str, Codes | None]:
    """Returns what each kernel of few bits in `model` consists of; None of a real one."""
    found = {}
    # The walk goes from the end of a model to its beginning.
    for layer in reversed(every_layer(model)):
        if isinstance(layer, Host):
            for name, kernel in layer.kernels.items():
                if kernel.stored_bits() < 32 * np.prod(kernel.shape):
                    # What a layer has inside, cells mostly, is named after the layer.
                    found[id(kernel)] = (f"{layer.name}/{name}", kernel)
    codes = {}
    for name, kernel in found.values():
        codes[_unlike(name, codes)] = kernel.codes()
    return codes


def _unlike(name, others):
    """Returns `name`, numbered if another layer has it, as in two nested models."""
    numbered = (f"{name} ({number})" for number in range(2, len(others) + 2))
    return next(one for one in (name, *numbered) if one not in others)


def store_codes(source, path, codes: dict[str, Codes | None]) -> tuple[str, ...]:
    """Writes the float file `source` to `path` with the weights of `codes` in few bits.

    A weight is found in the file by its numbers, up to a factor for each output channel:
    the converter multiplies a batch normalization into it, and that only changes the
    scale. Dense layers get two bits for codes of up to 2, four for up to 4, and else
    eight; what goes into a layer is quantized as it comes, to eight bits.

    Returns:
        How each weight is stored, and why not in fewer bits.

    Raises:
        ValueError: No weight can be stored so.
    """
    weights = list(_matching(pathlib.Path(source).read_bytes(), codes))
    if not weights:
        raise ValueError("no weight of the file consists of the codes of a kernel")
    content = bytearray(_structured(source, weights))
    for weight in weights:
        _write(content, weight)
    pathlib.Path(path).write_bytes(content)
    notes = {weight.name: str(weight) for weight in weights}
    missing = {n: f"{n}: {REAL if c is None else NOWHERE}" for n, c in codes.items()}
    return tuple({**missing, **notes}.values())


def _matching(content, codes):
    from ai_edge_litert import schema_py_generated as schema

    builtin = schema.BuiltinOperator
    kinds = {builtin.FULLY_CONNECTED, builtin.CONV_2D, builtin.DEPTHWISE_CONV_2D}
    model = schema.Model.GetRootAs(content, 0)
    for g, graph in enumerate(map(model.Subgraphs, range(model.SubgraphsLength()))):
        for o, op in enumerate(map(graph.Operators, range(graph.OperatorsLength()))):
            kind = model.OperatorCodes(op.OpcodeIndex()).BuiltinCode()
            if kind not in kinds:
                continue
            tensor = graph.Tensors(op.Inputs(1))
            data = model.Buffers(tensor.Buffer()).DataAsNumpy()
            constant = isinstance(data, np.ndarray) and data.size
            if not constant or tensor.Type() != schema.TensorType.FLOAT32:
                continue
            weight = data.view("float32").reshape(tensor.ShapeAsNumpy())
            if kind == builtin.DEPTHWISE_CONV_2D:
                rows = weight.reshape(-1, weight.shape[-1]).T
            else:
                rows = weight.reshape(len(weight), -1)
            dense = kind == builtin.FULLY_CONNECTED
            for name, one in codes.items():
                found = None if one is None else _fit(rows, one, pads=dense)
                if found is not None:
                    output = graph.Tensors(op.Outputs(0)).Name().decode()
                    form = _form(one.bits, rows.shape[1], found[1]) if dense else (8, 0)
                    yield Weight(name, (g, o), output, dense, *found, *form)
                    break


def _fit(rows, codes, *, pads):
    """Returns the whole numbers of `rows` and their scales, if `codes` are theirs."""
    outputs, width = rows.shape
    if codes.values.size % outputs:
        return None
    whole = codes.values.reshape(-1, outputs).T.astype("float32")
    if pads and whole.shape[1] < width:
        whole = np.pad(whole, ((0, 0), (0, width - whole.shape[1])))
    if whole.shape != rows.shape:
        return None
    squares = np.maximum((whole * whole).sum(axis=1), 1)
    scales = (rows * whole).sum(axis=1, dtype="float64") / squares
    missed = np.abs(rows - scales[:, None] * whole).max(initial=0)
    if missed > CLOSE * np.abs(rows).max(initial=0):
        return None
    # Scales of a file are positive: a negative factor goes to the numbers.
    signs = np.where(scales < 0, -1, 1)
    whole = (whole * signs[:, None]).astype("int8")
    scales = np.where(scales == 0, 1, np.abs(scales))
    return whole, scales.astype("float32")


def _form(bits, width, scales):
    if bits > 4:
        return 8, 0
    if bits <= 2:
        return 2, 0
    halves = scales.min() >= LEAST_HALF and scales.max() <= np.finfo("float16").max
    return 4, block_size(width) if halves else 0


def _structured(source, weights):
    """Returns the file with each weight in its type; its numbers are those of the tool."""
    from ai_edge_quantizer import qtyping, quantizer

    tool = quantizer.Quantizer(str(source))
    kinds = qtyping.TFLOperationName
    convolutions = kinds.CONV_2D, kinds.DEPTHWISE_CONV_2D
    grain = qtyping.QuantGranularity
    for weight in weights:
        form = f"BLOCKWISE_{weight.block}" if weight.block else "CHANNELWISE"
        for kind in [kinds.FULLY_CONNECTED] if weight.dense else convolutions:
            tool.add_dynamic_config(
                regex=f"^{re.escape(weight.output)};?$",
                operation_name=kind,
                num_bits=weight.bits,
                granularity=grain[form],
            )
    with silence():
        return tool.quantize().quantized_model


def _write(content: bytearray, weight: Weight) -> None:
    """Puts the numbers and scales of `weight` in the place of those in the file."""
    from ai_edge_litert import schema_py_generated as schema

    model = schema.Model.GetRootAs(content, 0)
    graph = model.Subgraphs(weight.place[0])
    tensor = graph.Tensors(graph.Operators(weight.place[1]).Inputs(1))
    data = _bytes(content, model.Buffers(tensor.Buffer()))
    depthwise = tensor.Quantization().QuantizedDimension() == tensor.ShapeLength() - 1
    rows = weight.rows.T if depthwise and not weight.dense else weight.rows
    data[:] = _packed(rows.reshape(-1), weight.bits)
    parameters = tensor.Quantization()
    if not weight.block:
        parameters.ScaleAsNumpy()[:] = weight.scales
        return
    blocks = schema.BlockwiseQuantization()
    blocks.Init(parameters.Details().Bytes, parameters.Details().Pos)
    scales = _bytes(content, model.Buffers(graph.Tensors(blocks.Scales()).Buffer()))
    scales = scales.view("float16").reshape(len(weight.scales), -1)
    scales[:] = weight.scales[:, None]


def _bytes(content, buffer):
    """Returns the bytes of `buffer` in the file, to be written to."""
    if buffer.DataLength():
        return buffer.DataAsNumpy()
    # The tool puts large ones after the rest of the file.
    return np.frombuffer(content, "uint8", buffer.Size(), buffer.Offset())


def _packed(numbers, bits):
    """Returns the bytes of `numbers`, the first in the low bits."""
    each = 8 // bits
    numbers = np.pad(numbers, (0, -len(numbers) % each)).astype("uint8")
    parts = numbers.reshape(-1, each) & (2**bits - 1)
    shifts = np.arange(each, dtype="uint8") * np.uint8(bits)
    return np.bitwise_or.reduce(parts << shifts, axis=1).astype("uint8")
