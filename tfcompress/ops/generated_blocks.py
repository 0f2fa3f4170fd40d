"""Blocks of weights that a two-layer linear network makes of embeddings."""

import numpy as np


def cut(array: np.ndarray, block: tuple[int, ...]) -> np.ndarray:
    """Returns the blocks of `array` in row-major order; the last ones hold zeros.

    >>> cut(np.arange(6.0).reshape(2, 3), (2, 2)).tolist()
    [[[0.0, 1.0], [3.0, 4.0]], [[2.0, 0.0], [5.0, 0.0]]]
    """
    counts = tiles(array.shape, block)
    missing = [
        (0, n * b - size) for n, b, size in zip(counts, block, array.shape, strict=True)
    ]
    split = [number for pair in zip(counts, block, strict=True) for number in pair]
    axes = len(block)
    order = [*range(0, 2 * axes, 2), *range(1, 2 * axes, 2)]
    return np.pad(array, missing).reshape(split).transpose(order).reshape(-1, *block)


def tiles(shape: tuple[int, ...], block: tuple[int, ...]) -> tuple[int, ...]:
    """Returns how many blocks it takes along each axis.

    >>> tiles((3, 3, 64, 40), (3, 3, 16, 16))
    (1, 1, 4, 3)
    """
    return tuple(-(-size // b) for size, b in zip(shape, block, strict=True))


def fit(blocks: np.ndarray, embedding: int, hidden: int) -> tuple[np.ndarray, dict]:
    r"""Returns embeddings of `blocks`, and the parameters that generate them.

    Two singular value decompositions, each the best of its kind: of the rows $K_i$ of all
    blocks to `hidden` numbers $a_i$ each, then of the $a_i$ of a block to its embedding.
    Blocks that such a network has made are recovered exactly.
    """
    count, inputs = len(blocks), blocks.shape[-2]
    rows = np.moveaxis(blocks, -2, 1).reshape(count * inputs, -1)
    rows, outer, outer_bias = _affine(rows, hidden)
    rows, inner, inner_bias = _affine(rows.reshape(count, inputs * hidden), embedding)
    return rows, {
        "inner": inner.reshape(embedding, inputs, hidden).transpose(1, 0, 2),
        "inner_bias": inner_bias.reshape(inputs, hidden),
        "outer": outer,
        "outer_bias": outer_bias,
    }


def _affine(rows, rank):
    """Returns the coordinates of `rows`, the axes and the origin of the best plane."""
    mean = rows.mean(axis=0)
    p, s, qt = np.linalg.svd(rows - mean, full_matrices=False)
    root = np.sqrt(s[:rank])
    coordinates, axes = p[:, :rank] * root, root[:, None] * qt[:rank]
    # Of few rows there are fewer axes; the rest are not used.
    missing = rank - len(root)
    coordinates = np.pad(coordinates, ((0, 0), (0, missing)))
    return coordinates, np.pad(axes, ((0, missing), (0, 0))), mean
