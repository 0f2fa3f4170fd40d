"""What a whole model stores and computes: the last row of a report."""

import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class Total:
    """The sums over all layers.

    Args:
        parameters: Numbers that the model stores, as `count_params` has them.
        nonzero: Those of them that are not zero.
        stored_bits: Bits that they need.
        macs: Multiply-accumulates per example, over the layers where they are known.
        unknown: Names of the layers where they are not: with any, `macs` is a lower
            bound.
    """

    parameters: int
    nonzero: int
    stored_bits: int
    macs: int
    unknown: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows) -> "Total":
        return cls(
            parameters=sum(row.parameters for row in rows),
            nonzero=sum(row.nonzero for row in rows),
            stored_bits=sum(row.stored_bits for row in rows),
            macs=sum(row.macs or 0 for row in rows),
            unknown=tuple(row.name for row in rows if row.macs is None),
        )

    @property
    def bytes(self) -> int:
        return math.ceil(self.stored_bits / 8)

    @property
    def sparsity(self) -> float:
        """The share of the stored numbers that are zero."""
        return 1 - self.nonzero / self.parameters if self.parameters else 0.0

    def times_smaller(self, baseline: "Total") -> dict[str, float | None]:
        """Returns, for each sum, how many times larger it is in `baseline`.

        None stands where a sum is zero or, for `macs`, not wholly known.
        """
        ratios = {}
        for name in ("parameters", "stored_bits", "macs"):
            ours, theirs = getattr(self, name), getattr(baseline, name)
            guess = name == "macs" and (self.unknown or baseline.unknown)
            ratios[name] = theirs / ours if ours and not guess else None
        return ratios
