"""What a TFLite file holds, read from the file itself."""

import dataclasses
import pathlib

import numpy as np


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
