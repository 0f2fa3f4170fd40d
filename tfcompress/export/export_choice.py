"""What an export with a goal hands back."""

import dataclasses
import json

from tfcompress.export import variant_table
from tfcompress.export.result import ExportResult
from tfcompress.export.variant import Variant
from tfcompress.writing import write_text


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExportChoice(ExportResult):
    """The smallest or the fastest file, and all that were tried; `str` is their table.

    Rich prints it as a table too.

    Args:
        goal: `"smallest"` or `"fastest"`.
        variants: A `Variant` for each that was tried or known to fail.
        chosen: The one of them that the file is.
        model_accuracy: Share of right answers of the Keras model, or None.
    """

    goal: str
    variants: tuple[Variant, ...]
    chosen: Variant
    model_accuracy: float | None = None

    def to_markdown(self) -> str:
        """Returns the table in Markdown."""
        return variant_table.markdown(self)

    def to_json(self, path=None) -> str:
        """Returns all of it as JSON; writes it to `path` too, if one is given."""
        fields = {**dataclasses.asdict(self), "path": str(self.path)}
        content = json.dumps(fields, indent=2)
        if path is not None:
            write_text(path, content + "\n")
        return content

    def __str__(self) -> str:
        return variant_table.text(self)

    def __rich__(self):
        return variant_table.rich_table(self)
