"""An input or output of a TFLite file: what it is called, holds and stands for."""

import dataclasses

import numpy as np

from tfcompress import _checks


@dataclasses.dataclass(frozen=True)
class Tensor:
    """An input or output of a file.

    Args:
        name: What the file's signature calls it.
        index: Its number in the interpreter.
        shape: Its sizes, batch first; None where a size is free.
        dtype: The NumPy type that the file holds.
        scale: What one step of a quantized integer stands for; 0 if not quantized.
        zero_point: The quantized integer that stands for 0.
    """

    name: str
    index: int
    shape: tuple
    dtype: np.dtype
    scale: float = 0.0
    zero_point: int = 0

    @classmethod
    def of(cls, name: str, details: dict) -> "Tensor":
        """Returns the tensor that LiteRT describes by `details`."""
        sizes = details["shape_signature"]
        shape = tuple(None if size < 0 else int(size) for size in sizes)
        dtype = np.dtype(details["dtype"])
        return cls(name, details["index"], shape, dtype, *details["quantization"])

    def encode(self, array) -> np.ndarray:
        """Returns `array` as the file holds it, quantized where the file is.

        Raises:
            ValueError: The sizes do not fit, or the numbers have no such form.
        """
        try:
            array = np.asarray(array)
        except ValueError as fault:  # rows of different lengths
            rule = f"hold an array for the input {self.name!r} ({fault})"
            raise _checks.error("x", rule, type(array).__name__) from fault
        fits = len(array.shape) == len(self.shape) and all(
            want in (None, got)
            for want, got in zip(self.shape[1:], array.shape[1:], strict=True)
        )
        if not fits:
            rule = f"have shape {(None, *self.shape[1:])} for the input {self.name!r}"
            raise _checks.error("x", rule, array.shape)
        if array.dtype == self.dtype:
            return np.ascontiguousarray(array)
        if self.dtype.kind in "iu":
            return self._integers(array)
        if array.dtype.kind not in "biuf":
            rule = f"hold numbers for the input {self.name!r}"
            raise _checks.error("x", rule, array.dtype.name)
        return np.ascontiguousarray(array, self.dtype)

    def decode(self, array: np.ndarray) -> np.ndarray:
        """Returns the numbers that the file's `array` stands for."""
        if not self.scale:
            return array
        return (array.astype("float32") - self.zero_point) * np.float32(self.scale)

    def _integers(self, array):
        finite = array.dtype.kind in "biuf" and np.isfinite(array).all()
        if self.scale and finite:
            limits = np.iinfo(self.dtype)
            steps = np.rint(array / self.scale) + self.zero_point
            return steps.clip(limits.min, limits.max).astype(self.dtype)
        if not finite or (array != (whole := array.astype(self.dtype))).any():
            what = "finite numbers" if self.scale else f"whole numbers of {self.dtype}"
            raise _checks.error("x", f"hold {what} for the input {self.name!r}", array)
        return whole
