"""Circulant and Toeplitz matrices: their entries, best fits and fast products."""

import numpy as np
from keras import ops


def circulant_index(size: int) -> np.ndarray:
    """Returns where entry (i, j) lies in the first row: $(j - i)$ modulo `size`.

    >>> circulant_index(3).tolist()
    [[0, 1, 2], [2, 0, 1], [1, 2, 0]]
    """
    places = np.arange(size)
    return (places[None, :] - places[:, None]) % size


def circulant_rows(blocks: np.ndarray) -> np.ndarray:
    """Returns the first rows of the circulant matrices nearest to square `blocks`.

    The nearest has on each wrapped diagonal the mean of what is there.

    >>> circulant_rows(np.array([[1.0, 5.0], [7.0, 3.0]])).tolist()
    [2.0, 6.0]
    """
    size = blocks.shape[-1]
    i, j = np.indices((size, size))
    return blocks[..., i, (i + j) % size].mean(axis=-2)


def toeplitz_diagonals(matrix: np.ndarray) -> np.ndarray:
    """Returns the diagonals of the Toeplitz matrix nearest to `matrix`, lowest first.

    >>> toeplitz_diagonals(np.array([[1.0, 5.0], [7.0, 3.0]])).tolist()
    [7.0, 2.0, 5.0]
    """
    rows, columns = matrix.shape
    return np.array([matrix.diagonal(k).mean() for k in range(1 - rows, columns)])


def multiply_by_fft(inputs, rows):
    r"""Returns the product of blocks of inputs with circulant matrices, by FFT.

    The product with a circulant matrix is a circular convolution with its first row:
    $x C = \mathcal F^{-1}(\mathcal F x \odot \mathcal F c)$.

    Args:
        inputs: Of shape `(..., p, size)`.
        rows: First rows, of shape `(p, q, size)`.

    Returns:
        Of shape `(..., q, size)`.
    """
    size = rows.shape[-1]
    shape = ops.shape(inputs)
    inputs = ops.reshape(inputs, (-1, *inputs.shape[-2:]))
    x, c = ops.rfft(inputs), ops.rfft(rows)
    outputs = ops.irfft(_multiply(x, c), fft_length=size)
    return ops.reshape(outputs, (*shape[:-2], *outputs.shape[1:]))


def multiply_by_waves(inputs, rows):
    """Returns what `multiply_by_fft` does, by matrices of the transform.

    For runtimes without a Fourier transform. It takes `size` times as many operations
    for the transforms as there are numbers, and those are few where blocks are small.
    """
    size = rows.shape[-1]
    cosines, sines, back_cosines, back_sines = fourier_matrices(size)
    shape = ops.shape(inputs)
    inputs = ops.reshape(inputs, (-1, *inputs.shape[-2:]))
    x = ops.matmul(inputs, cosines), ops.matmul(inputs, sines)
    c = ops.matmul(rows, cosines), ops.matmul(rows, sines)
    real, imaginary = _multiply(x, c)
    outputs = ops.matmul(real, back_cosines) + ops.matmul(imaginary, back_sines)
    return ops.reshape(outputs, (*shape[:-2], *outputs.shape[1:]))


def fourier_matrices(size: int) -> tuple[np.ndarray, ...]:
    """Returns matrices for the real and imaginary part of a transform, and back.

    >>> x = np.array([3.0, 1.0, 4.0, 1.0, 5.0])
    >>> a, b, c, d = fourier_matrices(5)
    >>> bool(np.allclose((x @ a) @ c + (x @ b) @ d, x, atol=1e-5))
    True
    """
    n, k = np.mgrid[:size, : size // 2 + 1]
    angle = 2 * np.pi * (n * k % size) / size
    cosines, sines = np.cos(angle), -np.sin(angle)
    # All but the lowest frequency, and the highest of an even size, stand for two.
    twice = np.where((k == 0) | (2 * k == size), 1.0, 2.0) / size
    matrices = cosines, sines, (cosines * twice).T, (sines * twice).T
    return tuple(matrix.astype("float32") for matrix in matrices)


def _multiply(x, c):
    """The complex product for each frequency, summed over the blocks of inputs.

    As matrices, with the frequency in front: (k, n, p) times (k, p, q).
    """
    x = [ops.transpose(part, (2, 0, 1)) for part in x]
    c = [ops.transpose(part, (2, 0, 1)) for part in c]
    real = ops.matmul(x[0], c[0]) - ops.matmul(x[1], c[1])
    imaginary = ops.matmul(x[0], c[1]) + ops.matmul(x[1], c[0])
    return ops.transpose(real, (1, 2, 0)), ops.transpose(imaginary, (1, 2, 0))
