"""The weights that a TFLite file holds, as LiteRT will see them."""

import dataclasses
import pathlib

import numpy as np


@dataclasses.dataclass(frozen=True)
class Zeros:
    """How the zeros of one weight lie.

    Args:
        dense: Whether it is the matrix of a dense layer.
        share: Share of zeros.
        blocks: Share of zeros that lie in blocks, by length of the blocks: 4 or 16
            neighbours along the inputs.
    """

    dense: bool
    share: float
    blocks: dict[int, float]


def zeros(path) -> list[Zeros]:
    """Returns how the zeros lie in each weight of two or more axes in a TFLite file."""
    return [_zeros(weight) for weight in _weights(path)]


def _zeros(weight) -> Zeros:
    share = float(np.mean(weight == 0))
    return Zeros(
        dense=weight.ndim == 2,
        share=share,
        blocks={n: _in_blocks(weight, n) / share if share else 0.0 for n in (4, 16)},
    )


def _in_blocks(weight, length) -> float:
    if weight.shape[-1] % length:
        return 0.0
    return float(np.mean(~weight.reshape(-1, length).any(axis=1)))


def _weights(path):
    """Yields the constants of the file; TFLite keeps matrices as (outputs, inputs)."""
    from ai_edge_litert import schema_py_generated as schema

    types = {
        schema.TensorType.FLOAT32: np.float32,
        schema.TensorType.FLOAT16: np.float16,
        schema.TensorType.INT8: np.int8,
    }
    model = schema.Model.GetRootAs(pathlib.Path(path).read_bytes(), 0)
    for graph in map(model.Subgraphs, range(model.SubgraphsLength())):
        for tensor in map(graph.Tensors, range(graph.TensorsLength())):
            data = model.Buffers(tensor.Buffer()).DataAsNumpy()
            constant = isinstance(data, np.ndarray) and tensor.Type() in types
            if constant and tensor.ShapeLength() > 1:
                yield data.view(types[tensor.Type()]).reshape(tensor.ShapeAsNumpy())
