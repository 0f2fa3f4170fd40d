"""The plain variable: the kernel that stores the weight as it is."""

import keras
from keras import ops

from tfcompress.kernels.kernel import Kernel


@keras.saving.register_keras_serializable(package="tfcompress")
class Full(Kernel):
    """The weight itself, as Keras stores it; the identity among kernels.

    A host with this kernel computes what its Keras twin computes. Nothing is
    saved: it is what a host uses where no other kernel is named.

    Example:

    >>> kernel = tfc.kernels.Full()
    >>> kernel.build((3, 4))
    >>> kernel.stored_bits()  # 12 float32
    384
    """

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.shape = tuple(shape)
        self.value = self.add_weight(
            name="value",
            shape=self.shape,
            initializer=initializer or "glorot_uniform",
            regularizer=regularizer,
            constraint=constraint,
        )

    def full(self, training=None):
        return ops.cast(self.value, self.compute_dtype)

    def rows(self, indices, training=None):
        # From the variable itself: its gradient then touches these rows alone.
        return ops.cast(ops.take(self.value, indices, axis=0), self.compute_dtype)

    def start(self, array):
        self.value.assign(array)
