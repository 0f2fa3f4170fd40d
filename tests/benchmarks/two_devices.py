"""What works on two devices: every public part, each in its smallest use."""

from backends import compared

DESCRIPTION = (
    "The uses of `backends` on two devices, which are halves of the CPU: on TensorFlow "
    "under `MirroredStrategy`, on JAX under `DataParallel` of keras.distribution"
)


def measure(fast: bool = False, seed: int = 0) -> dict:
    backends = ("tensorflow", "jax")[: 1 if fast else None]
    return compared("two_devices", backends, 2, fast, seed)
