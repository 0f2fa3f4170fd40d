"""An LSTM layer whose kernels are signs."""

from tfcompress.kernels.binary import Binary
from tfcompress.layers.compressed_lstm import CompressedLSTM
from tfcompress.layers.drop_in import drop_in


@drop_in(Binary)
class BinaryLSTM(CompressedLSTM):
    """`LSTM` whose two kernels are signs.

    The latent numbers are real and clipped to [-1, 1]; the gradient passes the signs
    unchanged. `tfcompress.kernels.Binary` has the formula.

    Args:
        units: Integer, and so on as in `keras.layers.LSTM`.
        scale: None, or `"channel"` for one scale per column of a kernel.
        stochastic: If True, signs are drawn in training, once per call: the same for
            all time steps.
        estimator, binarize_inputs, input_scale, two_stage, save_latent: As in
            `tfcompress.kernels.Binary`. Only the weights can be binarized here.
        seed: Integer of Keras's own dropout, and of the kernels' draws.

    Input shape:
        `(batch, steps, features)`.

    Output shape:
        `(batch, units)`, or `(batch, steps, units)` with `return_sequences`.

    Raises:
        ValueError: If a constraint on a kernel is given: the clipping has that place.

    Example:

    >>> layer = tfc.layers.BinaryLSTM(128)
    >>> layer.build((None, 50, 32))
    >>> layer.count_params()  # latent numbers, as many as LSTM holds
    82432

    References:
        - [Courbariaux et al., 2015](https://arxiv.org/abs/1511.00363)
    """
