"""A table of a report, in words, before it is drawn in one format or another."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Grid:
    """Rows of text under a head.

    Args:
        head: Names of the columns.
        rows: A list of text for each row, as long as `head`.
        title: What stands above it.
        foot: The last row, set apart, or None.
        words: Number of columns, from the left, that hold words; others hold numbers.
        spare: Number of the column that is left out where 80 columns must do, or None.
    """

    head: list[str]
    rows: list[list[str]]
    title: str = ""
    foot: list[str] | None = None
    words: int = 1
    spare: int | None = None

    def narrow(self) -> "Grid":
        """Returns the same without the spare column."""
        if self.spare is None:
            return self

        def cut(row):
            return row[: self.spare] + row[self.spare + 1 :]

        return dataclasses.replace(
            self,
            head=cut(self.head),
            rows=[cut(row) for row in self.rows],
            foot=self.foot and cut(self.foot),
            words=self.words - (self.spare < self.words),
            spare=None,
        )
