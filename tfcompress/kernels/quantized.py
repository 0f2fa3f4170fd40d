"""A weight of few bits, learned through latent real numbers."""

import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.kernels.codes import Codes
from tfcompress.kernels.input_range import InputRange
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import quantization


@keras.saving.register_keras_serializable(package="tfcompress")
class Quantized(Kernel):
    r"""A weight of `bits` bits: quantization-aware training in any host.

    Forward, with latent numbers $V$ and $q = 2^{bits-1} - 1$, for each output channel:

    $$ W = s \cdot \operatorname{round}(V / s), \qquad s = \max |V| / q $$

    and backward the gradient passes as through the identity. With `learned_range` $s$
    is trained (learned step size quantization): then numbers beyond $\pm qs$ are clipped
    and pass no gradient. Zeros of $V$ are zeros of $W$, exactly, in every form: so a
    pruned weight keeps them, and pruning acts on $V$.

    For 3 and 4 bits $s$ is rounded to bfloat16, as LiteRT has it for them.

    Without `symmetric` the grid is the $2^{bits}$ numbers from the least to the
    greatest of $V$, shifted so that it holds 0. LiteRT's kernels have no such weights:
    exported they are real numbers.

    With `quantize_inputs` the inputs of the layer are rounded too, to a grid from their
    least to their greatest value (or 0), which is followed in training by a moving
    average, or learned with `learned_range`.

    `tfcompress.export.to_tflite(..., quantize="kernels")` carries the whole numbers and
    the scales as they are. A batch normalization after the layer multiplies each channel:
    with `per_channel` that is another scale and the same whole numbers, so nothing is
    lost when the exporter folds it. Without, fold it before you train
    (`tfcompress.conversion.fold_batch_normalization`).

    Not gained: in training neither time nor memory.

    Args:
        bits: Bits of each weight, 2 to 8.
        per_channel: Whether each output channel (last axis) has its own scale.
        symmetric: Whether the grid is symmetric around 0.
        learned_range: Whether scales and ranges are trained.
        quantize_inputs: None, or the bits of each input, 2 to 8.

    Raises:
        ValueError: If bits are out of range, or if the host cannot round the inputs of
            this weight.

    Example:

    >>> kernel = tfc.kernels.Quantized(bits=3)  # whole numbers from -3 to 3
    >>> kernel.build((4, 1))
    >>> _ = kernel.encode([[1.5], [0.7], [0.0], [-0.9]])
    >>> kernel.full().numpy().ravel().tolist()
    [1.5, 0.5, 0.0, -1.0]

    References:
        - [Jacob et al., 2017](https://arxiv.org/abs/1712.05877)
        - [Esser et al., 2019](https://arxiv.org/abs/1902.08153), `learned_range`
    """

    def __init__(
        self,
        *,
        bits=8,
        per_channel=True,
        symmetric=True,
        learned_range=False,
        quantize_inputs=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.bits = _checks.integer("bits", bits, low=2, high=8)
        self.per_channel = _checks.boolean("per_channel", per_channel)
        self.symmetric = _checks.boolean("symmetric", symmetric)
        self.learned_range = _checks.boolean("learned_range", learned_range)
        self.inputs = None
        if quantize_inputs is not None:
            bits = _checks.integer("quantize_inputs", quantize_inputs, low=2, high=8)
            self.inputs = InputRange(bits, learned=self.learned_range)
            quantize_inputs = bits
        self.quantize_inputs = quantize_inputs

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.shape = tuple(shape)
        # In float32 whatever the policy: rounding needs the digits.
        self.latent = self.add_weight(
            name="latent",
            shape=self.shape,
            initializer=initializer or "glorot_uniform",
            regularizer=regularizer,
            constraint=constraint,
            autocast=False,
        )
        if self.learned_range:
            self.high = self._end("high", initializer)
            self.low = None if self.symmetric else self._end("low", initializer)
        if self.inputs is not None:
            self.inputs.build()
            self.inputs.built = True

    @property
    def prepares(self):
        return self.inputs is not None

    def prepare(self, inputs, training=None):
        return inputs if self.inputs is None else self.inputs.round(inputs, training)

    def full(self, training=None):
        return ops.cast(self._quantized(), self.compute_dtype)

    def start(self, array):
        self.latent.assign(array)
        if self.learned_range:
            low, high = self._begin(array)
            self.high.assign(high)
            if not self.symmetric:
                self.low.assign(low)

    def codes(self):
        if not self.symmetric:
            return None
        latent = ops.convert_to_numpy(self.latent).astype("float32")
        if self.learned_range:
            high = np.maximum(ops.convert_to_numpy(self.high), 0)
        else:
            high = np.abs(latent).max(axis=self._axes, keepdims=True)
        q = quantization.greatest(self.bits)
        scale = ops.convert_to_tensor((high / q).astype("float32"))
        scale = ops.convert_to_numpy(quantization.short(scale, self.bits))
        # From the weight itself: a quotient at the border of two numbers must not be
        # rounded anew, and otherwise.
        whole = ops.convert_to_numpy(self._quantized()) / np.where(scale > 0, scale, 1)
        return Codes(np.rint(whole).astype("int8"), scale.reshape(-1), self.bits)

    def stored_bits(self):
        scales = (self.shape[-1] if self.per_channel else 1) * (2 - self.symmetric)
        ranges = 0 if self.inputs is None else 2
        return math.prod(self.shape) * self.bits + 32 * (scales + ranges)

    @property
    def prunable(self):
        return [self.latent]

    def get_config(self):
        return {
            **super().get_config(),
            "bits": self.bits,
            "per_channel": self.per_channel,
            "symmetric": self.symmetric,
            "learned_range": self.learned_range,
            "quantize_inputs": self.quantize_inputs,
        }

    @property
    def _axes(self):
        return tuple(range(len(self.shape) - self.per_channel))

    def _begin(self, values):
        """Returns where learned ends begin, the step at twice the mean size by root q."""
        size = ops.mean(ops.abs(values), axis=self._axes, keepdims=True)
        limit = 2 * size * math.sqrt(quantization.greatest(self.bits))
        if self.symmetric:
            values = ops.abs(values)
        low = ops.min(values, axis=self._axes, keepdims=True)
        high = ops.max(values, axis=self._axes, keepdims=True)
        return ops.clip(low, -limit, 0), ops.clip(high, 0, limit)

    def _end(self, name, initializer):
        initializer = keras.initializers.get(initializer or "glorot_uniform")

        def begin(shape, dtype=None):
            # Not of the latent numbers themselves: they may not be there to be read.
            return self._begin(initializer(self.shape, dtype=dtype))[name == "high"]

        axes = self._axes
        shape = [1 if i in axes else size for i, size in enumerate(self.shape)]
        return self.add_weight(
            name=name, shape=shape, initializer=begin, autocast=False
        )

    def _quantized(self):
        bits, axes = self.bits, self._axes
        q = quantization.greatest(bits)
        if not self.learned_range:
            if self.symmetric:
                return quantization.symmetric_by_size(self.latent, axes, bits)
            values = ops.stop_gradient(ops.convert_to_tensor(self.latent))
            low = ops.minimum(ops.min(values, axis=axes, keepdims=True), 0.0)
            high = ops.maximum(ops.max(values, axis=axes, keepdims=True), 0.0)
            return quantization.asymmetric(self.latent, low, high, bits)
        count = math.prod(self.shape) / math.prod(self.high.shape)
        factor = 1 / math.sqrt(count * q)
        high = ops.maximum(_scaled(self.high, factor), 0.0)
        if self.symmetric:
            step = quantization.short(high / q, bits)
            return quantization.symmetric(self.latent, step, bits)
        low = ops.minimum(_scaled(self.low, factor), 0.0)
        return quantization.asymmetric(self.latent, low, high, bits)


def _scaled(x, factor):
    """Returns `x`, with its gradient times `factor`: LSQ's, for steady learning."""
    x = ops.convert_to_tensor(x)
    return x * factor + ops.stop_gradient(x * (1 - factor))
