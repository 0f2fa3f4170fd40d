"""One way to write a model as a TFLite file, and what came of it."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Variant:
    """One way to write a model as a TFLite file, and what came of it.

    Args:
        quantize: How the weights are quantized, or None.
        sparse: Whether zeros are left out.
        compact: Whether hashed layers are stored by their few values.
        bytes: Size of the file; None if there is none.
        max_error: Greatest absolute difference from the Keras model's outputs.
        accuracy: Share of right answers, where labelled data was given.
        microseconds: Median time of one call, one example, one thread.
        fault: Why it is not to be used, or `""`.
        notes: How each weight of few bits is stored.
        batch_size: Examples that each call of the file must have; None if free.
    """

    quantize: str | None
    sparse: bool = False
    compact: bool = False
    bytes: int | None = None
    max_error: float | None = None
    accuracy: float | None = None
    microseconds: float | None = None
    fault: str = ""
    notes: tuple[str, ...] = ()
    batch_size: int | None = None

    @property
    def name(self) -> str:
        """What it is called in a table, such as `"int8, sparse"`."""
        how = [self.quantize or "float32", "sparse" * self.sparse]
        return ", ".join(filter(None, [*how, "compact" * self.compact]))
