"""A dense layer whose weights are signs."""

from tfcompress.kernels.binary import Binary
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.drop_in import drop_in


@drop_in(Binary)
class BinaryDense(CompressedDense):
    r"""`Dense` with weights +1 and -1, learned through latent real numbers.

    Forward $W = \operatorname{sign}(V)$, times $\operatorname{mean}_i |V_{ij}|$ for each
    output if `scale="channel"`; backward the gradient passes the sign unchanged, and $V$
    is clipped to [-1, 1] after each step. `tfcompress.export.to_tflite` stores the signs
    in few bits. Not gained: training is as large and as slow as that of `Dense`.

    Args:
        units: Integer, and so on as in `keras.layers.Dense`. Initializer and
            regularizer act on the latent numbers.
        scale: None, or `"channel"` for one scale per output. Without it, follow the
            layer by a `BatchNormalization`, which learns one.
        stochastic: If True, signs are drawn in training, with mean $V$.
        seed: Integer for these draws.
        estimator, binarize_inputs, input_scale, two_stage, save_latent: As in
            `tfcompress.kernels.Binary`.

    Input shape:
        `(batch, ..., inputs)`.

    Output shape:
        `(batch, ..., units)`.

    Raises:
        ValueError: If `kernel_constraint` is given: the clipping has that place.

    Example:

    >>> layer = tfc.layers.BinaryDense(2, use_bias=False, kernel_initializer="zeros")
    >>> layer(np.array([[1.0, 2.0]])).numpy().tolist()  # sign(0) = +1
    [[3.0, 3.0]]

    References:
        - [Courbariaux et al., 2015](https://arxiv.org/abs/1511.00363)
        - [Rastegari et al., 2016](https://arxiv.org/abs/1603.05279), the scale
    """
