"""Decompositions of convolution kernels, by their channels and by their windows."""

import math

import numpy as np


def tucker(array: np.ndarray, inputs: int, outputs: int, *, sweeps: int = 20):
    r"""Returns $A, G, B$ with $W_{h c o} \approx \sum_{rs} A_{cr}\, G_{h r s}\, B_{so}$.

    Higher-order orthogonal iteration over the channel axes, from the truncated
    higher-order singular value decomposition: in each sweep each factor is the best
    for the other, so the error never grows.

    Args:
        array: Of shape `(*window, channels, filters)`.
        inputs: Rank of the input channels.
        outputs: Rank of the output channels.
    """
    *window, channels, filters = array.shape
    w = array.reshape(-1, channels, filters).astype("float64")
    b = _leading(np.moveaxis(w, 2, 0), outputs)
    for _ in range(sweeps):
        a = _leading(np.moveaxis(w @ b, 1, 0), inputs)
        b = _leading(np.moveaxis(np.einsum("hco,cr->hro", w, a), 2, 0), outputs)
    core = np.einsum("hco,cr,os->hrs", w, a, b)
    return a, core.reshape(*window, inputs, outputs), b.T


def canonical_polyadic(
    array: np.ndarray, rank: int, *, sweeps: int = 100, seed: int = 0
):
    r"""Returns a factor `(size, rank)` for each axis: $W \approx \sum_r \bigotimes_d f_d$.

    Alternating least squares: each factor in turn is the best for the others. It starts
    at the leading singular vectors of each axis, with random ones where they are few,
    and the length of each component is shared by all factors.
    """
    w = array.astype("float64")
    random = np.random.default_rng(seed)
    factors = []
    for axis, size in enumerate(w.shape):
        vectors = _leading(np.moveaxis(w, axis, 0), min(rank, size))
        extra = random.normal(size=(size, rank - vectors.shape[1])) / size**0.5
        factors.append(np.hstack([vectors, extra]))
    letters = "abcdefg"[: w.ndim]
    for _ in range(sweeps):
        for axis in range(w.ndim):
            others = [f for i, f in enumerate(factors) if i != axis]
            rest = "".join(letter for i, letter in enumerate(letters) if i != axis)
            terms = ",".join(letter + "z" for letter in rest)
            against = np.einsum(f"{letters},{terms}->{letters[axis]}z", w, *others)
            gram = math.prod(f.T @ f for f in others)
            # A trace of ridge: components that grow alike would make it singular.
            ridge = 1e-9 * np.trace(gram) / rank * np.eye(rank)
            factors[axis] = np.linalg.solve(gram + ridge, against.T).T
    norms = np.stack([np.linalg.norm(f, axis=0) for f in factors])
    shared = np.prod(norms, axis=0) ** (1 / w.ndim)
    safe = np.where(norms > 0, norms, 1.0)
    return [f / n * shared for f, n in zip(factors, safe, strict=True)]


def separable(array: np.ndarray, multiplier: int):
    r"""Returns $D, P$ with $W_{h c o} \approx \sum_k D_{h c k} P_{c k o}$, the best.

    For each input channel the best approximation of rank `multiplier` of its matrix of
    window against filters; channels do not share anything, so no other pair is nearer.
    """
    *window, channels, filters = array.shape
    w = array.reshape(-1, channels, filters).transpose(1, 0, 2).astype("float64")
    p, s, qt = np.linalg.svd(w, full_matrices=False)
    root = np.sqrt(s[:, :multiplier])
    depthwise = (p[:, :, :multiplier] * root[:, None]).transpose(1, 0, 2)
    pointwise = root[:, :, None] * qt[:, :multiplier]
    return depthwise.reshape(*window, channels, multiplier), pointwise


def by_axes(array: np.ndarray) -> np.ndarray:
    """Returns a 2-D convolution kernel as a matrix: (height, inputs) by (width, outputs).

    A product of thin matrices is then a convolution along the height, and one along the
    width.
    """
    height, width, inputs, outputs = array.shape
    return array.transpose(0, 2, 1, 3).reshape(height * inputs, width * outputs)


def _leading(array, count):
    """The leading left singular vectors of `array`, unfolded along its first axis."""
    vectors, _, _ = np.linalg.svd(array.reshape(len(array), -1), full_matrices=False)
    return vectors[:, :count]
