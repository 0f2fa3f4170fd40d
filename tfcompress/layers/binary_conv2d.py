"""A 2-D convolution whose weights are signs."""

from tfcompress.kernels.binary import Binary
from tfcompress.layers.compressed_conv2d import CompressedConv2D
from tfcompress.layers.drop_in import drop_in


@drop_in(Binary)
class BinaryConv2D(CompressedConv2D):
    r"""`Conv2D` with weights +1 and -1, learned through latent real numbers.

    Forward $W = \operatorname{sign}(V)$, times the mean of $|V|$ over each filter if
    `scale="channel"` (Binary-Weight-Networks); backward the gradient passes the sign
    unchanged, and $V$ is clipped to [-1, 1] after each step.

    Args:
        filters: Integer, and so on as in `keras.layers.Conv2D`. Initializer and
            regularizer act on the latent numbers.
        scale: None, or `"channel"` for one scale per filter.
        stochastic: If True, signs are drawn in training, with mean $V$.
        seed: Integer for these draws.
        estimator, binarize_inputs, input_scale, two_stage, save_latent: As in
            `tfcompress.kernels.Binary`.

    Input shape:
        `(batch, height, width, channels)` with `data_format="channels_last"`.

    Output shape:
        `(batch, new_height, new_width, filters)`.

    Raises:
        ValueError: If `kernel_constraint` is given: the clipping has that place.

    Example:

    >>> layer = tfc.layers.BinaryConv2D(1, 2, kernel_initializer="zeros")
    >>> layer(np.ones((1, 2, 2, 1))).numpy().item()  # four times +1
    4.0

    References:
        - [Rastegari et al., 2016](https://arxiv.org/abs/1603.05279)
    """
