"""What a TFLite file holds, read from the file itself."""

import dataclasses
import pathlib

import numpy as np

# Where the converter begins to leave out zeros: the share is its own.
ENOUGH_ZEROS = 0.3


@dataclasses.dataclass(frozen=True)
class Zeros:
    """How the zeros of one weight lie.

    Args:
        dense: Whether it is a matrix, as dense layers have.
        share: Share of zeros.
        blocks: Share of the zeros that lie in blocks, by length of the blocks: 4 or 16
            neighbours along the inputs.
    """

    dense: bool
    share: float
    blocks: dict[int, float]

    @classmethod
    def of(cls, weight) -> "Zeros":
        """Returns how the zeros of `weight` lie; its last axis is that of the inputs."""
        share = float(np.mean(weight == 0))
        blocks = {n: _in_blocks(weight, n) / share if share else 0.0 for n in (4, 16)}
        return cls(weight.ndim == 2, share, blocks)

    @property
    def worth_leaving_out(self) -> bool:
        """Whether the converter leaves them out, if it is asked to."""
        # All zeros: the first state of a recurrent layer, not a weight.
        return ENOUGH_ZEROS < self.share < 1


def zeros(path) -> list[Zeros]:
    """Returns how the zeros lie in each weight of two or more axes."""
    from ai_edge_litert import schema_py_generated as schema

    types = {
        schema.TensorType.FLOAT32: np.float32,
        schema.TensorType.FLOAT16: np.float16,
        schema.TensorType.INT8: np.int8,
    }
    found = []
    for tensor, data in _tensors(path):
        if data.size and tensor.Type() in types and tensor.ShapeLength() > 1:
            weight = data.view(types[tensor.Type()]).reshape(tensor.ShapeAsNumpy())
            found.append(Zeros.of(weight))
    return found


def dense_weights(path) -> list[tuple[str, np.ndarray]]:
    """Returns what each float32 dense layer gives, by name, and its weight by rows."""
    from ai_edge_litert import schema_py_generated as schema

    dense = schema.BuiltinOperator.FULLY_CONNECTED
    model = schema.Model.GetRootAs(pathlib.Path(path).read_bytes(), 0)
    found = []
    for graph in map(model.Subgraphs, range(model.SubgraphsLength())):
        for op in map(graph.Operators, range(graph.OperatorsLength())):
            if model.OperatorCodes(op.OpcodeIndex()).BuiltinCode() != dense:
                continue
            tensor = graph.Tensors(op.Inputs(1))
            data = model.Buffers(tensor.Buffer()).DataAsNumpy()
            real = tensor.Type() == schema.TensorType.FLOAT32
            if real and isinstance(data, np.ndarray):
                weight = data.view("float32").reshape(tensor.ShapeAsNumpy())
                name = graph.Tensors(op.Outputs(0)).Name().decode()
                found.append((name, weight))
    return found


def tensor_types(path) -> set[int]:
    """Returns the types of all tensors, as the file numbers them."""
    return {tensor.Type() for tensor, _ in _tensors(path)}


def _tensors(path):
    """Yields each tensor with its bytes, none if it is no constant."""
    from ai_edge_litert import schema_py_generated as schema

    model = schema.Model.GetRootAs(pathlib.Path(path).read_bytes(), 0)
    for graph in map(model.Subgraphs, range(model.SubgraphsLength())):
        for tensor in map(graph.Tensors, range(graph.TensorsLength())):
            data = model.Buffers(tensor.Buffer()).DataAsNumpy()
            # Where there are no bytes the accessor returns 0.
            yield tensor, data if isinstance(data, np.ndarray) else np.empty(0, "uint8")


def _in_blocks(weight, length) -> float:
    if weight.shape[-1] % length:
        return 0.0
    return float(np.mean(~weight.reshape(-1, length).any(axis=1)))
