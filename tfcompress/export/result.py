"""What an export hands back."""

import dataclasses
import pathlib


@dataclasses.dataclass(frozen=True)
class ExportResult:
    """A file, or a folder, that was run and compared with its model.

    Args:
        path: Where it is.
        bytes: Its size on disk; of a folder, that of all its files.
        max_error: Greatest absolute difference from the Keras model's outputs over
            the probe batch.
        quantize: How the weights were quantized, or None.
        sparse: Whether zeros are left out of the file.
        notes: For `quantize="kernels"` how each weight of few bits is stored, and why
            not in fewer; for `"dynamic"` whether there are zeros that were stored.
        batch_size: The number of examples that each call must have; None if free.
        accuracy: Share of right answers on `accuracy_data`, or None.
    """

    path: pathlib.Path
    bytes: int
    max_error: float
    quantize: str | None = None
    sparse: bool = False
    batch_size: int | None = None
    notes: tuple[str, ...] = ()
    accuracy: float | None = None

    def __str__(self) -> str:
        how = [self.quantize or "", "sparse" * self.sparse]
        if self.batch_size:
            how.append(f"batch of {self.batch_size}")
        what = ", ".join(filter(None, [f"{self.bytes:,} bytes", *how]))
        return f"{self.path}: {what}; greatest error {self.max_error:.2g}"
