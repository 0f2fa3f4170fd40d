"""What packing a model hands back."""

import dataclasses

from tfcompress.export.result import ExportResult


@dataclasses.dataclass(frozen=True)
class PackedTensor:
    """One weight in an archive.

    Args:
        path: Its place in the model, as in Keras's files of weights.
        name: Its layer and its own name: `"block/dense/kernel"`.
        shape: Its shape.
        form: How it is stored.
        bytes: Its bytes in the archive.
        entropy_bound: The least bytes for it, if its entries were independent.
        max_error: Greatest absolute difference from the model's weight.
    """

    path: str
    name: str
    shape: tuple
    form: str
    bytes: int
    entropy_bound: float
    max_error: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class PackResult(ExportResult):
    """An archive that was read again and compared with the weights of its model.

    `max_error` is that of the weights; 0 means that they are equal bit by bit.

    Args:
        path: Where it is.
        bytes: Its size on disk.
        max_error: Greatest absolute error of a weight.
        keras_bytes: Size of the `.keras` file of the same model, not compiled.
        tensors: A `PackedTensor` for each weight.
    """

    keras_bytes: int
    tensors: tuple[PackedTensor, ...]

    @property
    def times_smaller(self) -> float:
        """Size of the `.keras` file over that of the archive."""
        return self.keras_bytes / self.bytes

    @property
    def entropy_bound(self) -> float:
        """The least bytes for all weights, if their entries were independent."""
        return sum(tensor.entropy_bound for tensor in self.tensors)

    def table(self) -> str:
        """Returns a line for each weight: form, bytes, bound, error."""
        head = ("weight", "form", "bytes", "bound", "error")
        rows = [
            (
                t.name,
                t.form,
                f"{t.bytes:,}",
                f"{t.entropy_bound:,.0f}",
                f"{t.max_error:.2g}",
            )
            for t in self.tensors
        ]
        widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
        return "\n".join(_line(row, widths) for row in (head, *rows))

    def __str__(self) -> str:
        error = f"error {self.max_error:.2g}" if self.max_error else "bit-equal"
        return (
            f"{self.path}: {self.bytes:,} bytes, {self.times_smaller:.1f} times smaller "
            f"than .keras; {error}"
        )


def _line(row, widths):
    cells = [
        text.ljust(width) if column < 2 else text.rjust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
