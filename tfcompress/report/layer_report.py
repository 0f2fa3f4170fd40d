"""What one layer stores and computes: a row of a report."""

import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class LayerReport:
    """What one layer stores and computes.

    Args:
        name: Path of the layer in the model, as in `"encoder/dense_1"`.
        kind: Class of the layer.
        parameters: Numbers that it stores, as Keras's `count_params` has them.
        nonzero: Those of them that are not zero.
        stored_bits: Bits that they need; a kernel answers for its own.
        macs: Multiply-accumulates per example, over all calls of the layer; None if
            they are not known.
        error: How far its kernels were from the trained weights that they started
            from, relative to those; the greatest of them, None if there is none.
    """

    name: str
    kind: str
    parameters: int
    nonzero: int
    stored_bits: int
    macs: int | None
    error: float | None = None

    @property
    def bytes(self) -> int:
        return math.ceil(self.stored_bits / 8)

    @property
    def sparsity(self) -> float:
        """The share of the stored numbers that are zero."""
        return 1 - self.nonzero / self.parameters if self.parameters else 0.0
