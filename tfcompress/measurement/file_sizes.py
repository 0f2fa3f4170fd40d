"""What the files of a model take on disk."""

import dataclasses

from tfcompress.report import words
from tfcompress.report.grid import Grid
from tfcompress.report.plot import bars, in_bytes
from tfcompress.report.section import Section


@dataclasses.dataclass(frozen=True)
class FileSize:
    """A file that was written, run or read again, and measured.

    Args:
        form: What it is: `".keras"`, `"SavedModel"`, `".tflite"` or `"packed"`.
        bytes: Its size on disk; of a folder, that of all its files. None without one.
        max_error: Greatest difference of its outputs from the model's; of an archive,
            of its weights; None of a `.keras` file, which is not run.
        accuracy: Share of right answers of the `.tflite` file, where data was given.
        failure: Why there is no file, or `""`.
        baseline_bytes: The size of the baseline's, or None.
    """

    form: str
    bytes: int | None = None
    max_error: float | None = None
    accuracy: float | None = None
    failure: str = ""
    baseline_bytes: int | None = None

    @property
    def times_smaller(self) -> float | None:
        known = self.bytes and self.baseline_bytes
        return self.baseline_bytes / self.bytes if known else None


@dataclasses.dataclass(frozen=True)
class FileSizes(Section):
    """What a model takes on disk, in each form that it can be shipped in.

    The state of an optimizer is in none of the files. The baseline's `.tflite` file is
    in float32; the model's is as it was asked for.

    Args:
        forms: A `FileSize` for each.
    """

    title = "Files"
    forms: tuple[FileSize, ...]

    @classmethod
    def of(cls, written, baseline=None, data=None) -> "FileSizes":
        """Returns the sizes of files.

        Args:
            written: Mapping of forms to `WrittenFile`.
            baseline: The same of the baseline, or None.
            data: Pair `(x, y)` to run the file on, or None.
        """
        return cls(
            tuple(
                FileSize(
                    form,
                    file.bytes,
                    file.max_error,
                    file.accuracy(data),
                    file.failure,
                    baseline and baseline[form].bytes,
                )
                for form, file in written.items()
            )
        )

    def __getitem__(self, form: str) -> FileSize:
        """Returns what there is of one form."""
        return {one.form: one for one in self.forms}[form]

    def grids(self):
        head = ["File", "Bytes", "Baseline", "Smaller", "Error", "Accuracy"]
        rows = [
            [
                one.form,
                words.count(one.bytes),
                words.count(one.baseline_bytes),
                words.times(one.times_smaller),
                "" if one.max_error is None else f"{one.max_error:.1g}",
                "" if one.accuracy is None else words.share(one.accuracy),
            ]
            for one in self.forms
        ]
        return [Grid(head, rows, title="Files on disk")]

    def remarks(self):
        failed = [f"No {one.form}: {one.failure}" for one in self.forms if one.failure]
        return [
            *failed,
            "Files are without the optimizer's state. Error: greatest difference from "
            "the model's outputs; of the archive, from its weights.",
        ]

    def scalars(self):
        return {
            f"bytes_{one.form.strip('.').lower()}": one.bytes
            for one in self.forms
            if one.bytes is not None
        }

    def figure(self):
        made = [one for one in self.forms if one.bytes is not None]
        compared = made and all(one.baseline_bytes is not None for one in made)
        return bars(
            [one.form for one in made],
            [one.bytes for one in made],
            [one.baseline_bytes for one in made] if compared else None,
            measure="bytes on disk",
            unit=in_bytes(),
        )
