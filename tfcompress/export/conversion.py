"""From a SavedModel to a TFLite file that was run and compared."""

import dataclasses
import pathlib
import re

from tfcompress.export.child_process import ConverterCrash, convert_in_child
from tfcompress.export.combinations import (
    FEW_BITS,
    INSTEAD,
    NOT_SPARSE,
    loop_crash,
    sparse_fault,
)
from tfcompress.export.comparison import compare
from tfcompress.export.constants import zeros
from tfcompress.export.converter import convert
from tfcompress.export.export_error import ExportError
from tfcompress.export.few_bits import quantize_dense_layers
from tfcompress.export.kernel_bits import store_codes
from tfcompress.export.scoring import Scoring
from tfcompress.runtime.metadata import append_metadata
from tfcompress.runtime.tflite_model import TFLiteModel
from tfcompress.writing import size_on_disk

# Bytes of weights; beyond, the converter may run out of memory. A process of its own
# takes as much again as all of TensorFlow, and half as much for the weights.
LARGE = 2**30
ZEROS_STAY = (
    "zeros are stored: files of eight bits leave none out, those with quantize=None or "
    "'float16' do; goal='smallest' tries them all"
)


@dataclasses.dataclass(frozen=True)
class Made:
    """A file that gives what the model gives, within the tolerance."""

    path: pathlib.Path
    max_error: float
    sparse: bool
    notes: tuple[str, ...] = ()
    accuracy: float | None = None

    @property
    def bytes(self) -> int:
        return self.path.stat().st_size


@dataclasses.dataclass(frozen=True)
class Conversion:
    """A SavedModel, and what is asked of the files that are made from it.

    Args:
        folder: Takes the files.
        source: Folder of the SavedModel.
        quantize: One of the formats of `to_tflite`.
        samples: Representative examples by input name, or None.
        batch_size: Examples in every call; None if free.
        loops: Whether the model has loops.
        batch: The probe, by input name.
        reference: The model's outputs for it.
        allowed: The greatest relative error.
        codes: For `"kernels"`: what each kernel of few bits consists of, by its name.
        scoring: What the accuracy of a file is measured on, or None.
        metadata: What is written after the end of each file, or None.
    """

    folder: pathlib.Path
    source: pathlib.Path
    quantize: str | None
    samples: dict | None
    batch_size: int | None
    loops: bool
    batch: dict
    reference: dict
    allowed: float
    codes: dict = dataclasses.field(default_factory=dict)
    scoring: Scoring | None = None
    metadata: dict | None = None

    def run(self, sparse) -> Made:
        """Returns the file, with zeros left out if `sparse`; the smaller one if None.

        Raises:
            ExportError: No such file can be made, or it is not what the model is.
        """
        plain = self.make(sparse=False)
        if sparse is None and self.quantize == "dynamic" and self._zeros_matter():
            return dataclasses.replace(plain, notes=(*plain.notes, ZEROS_STAY))
        if sparse is False or self.quantize in NOT_SPARSE:
            return plain
        fault = self.sparse_fault()
        if fault:
            if sparse:
                raise ExportError(f"`sparse=True` {fault}")
            return plain
        try:
            made = self.make(sparse=True)
        except ExportError:
            if sparse:
                raise
            return plain
        return made if sparse else min(plain, made, key=lambda made: made.bytes)

    def has_zeros(self) -> bool:
        """Whether the plain file is made, and has zeros that might be left out."""
        made = self._path(sparse=False).exists()
        return made and self.quantize not in NOT_SPARSE and self._zeros_matter()

    def _zeros_matter(self):
        weights = zeros(self._path(sparse=False))
        return any(weight.worth_leaving_out for weight in weights)

    def sparse_fault(self) -> str:
        """Returns why zeros of the plain file, which is made, cannot be left out."""
        return sparse_fault(self.quantize, zeros(self._path(sparse=False)))

    def make(self, sparse: bool) -> Made:
        """Returns the file, with zeros left out if `sparse`.

        Raises:
            ExportError: It cannot be made, or it is not what the model is.
        """
        how = f"quantize={self.quantize!r}" + ", sparse=True" * sparse
        remedy = "Use sparse=False." if sparse else INSTEAD[self.quantize]
        path = self._path(sparse)
        try:
            notes = self._convert(path, sparse)
            if self.metadata is not None:
                append_metadata(path, self.metadata)
            file = TFLiteModel(path)
            outputs = file.predict_by_name(self.batch)
        except ExportError:
            raise
        except Exception as error:
            raise ExportError(
                f"No file with {how} could be made and run: {_reason(error)}. Nothing was "
                f"written. {remedy}"
            ) from error
        max_error = compare(self.reference, outputs, self.allowed, how, remedy)
        accuracy = self.scoring and self.scoring.check(file, how)
        return Made(path, max_error, sparse, notes, accuracy)

    def _path(self, sparse):
        return self.folder / f"{'sparse' if sparse else 'plain'}.tflite"

    def _convert(self, path, sparse):
        """Writes the file; returns how its weights of few bits are stored."""
        if self.quantize == "kernels" or self.quantize in FEW_BITS:
            whole = self.folder / "whole.tflite"
            self._write(whole)
            if self.quantize == "kernels":
                return store_codes(whole, path, self.codes)
            quantize_dense_layers(whole, path, bits=FEW_BITS[self.quantize])
            return ()
        options = {"quantize": self.quantize, "sparse": sparse}
        if self.quantize == "int8":
            options |= {"samples": self.samples, "batch_size": self.batch_size or 1}
        self._write(path, **options)
        return ()

    def _write(self, path, **options):
        """Converts, in a process of its own where the converter may end it."""
        # Learning the ranges inside a loop does in TensorFlow 2.21.
        learns_in_loop = self.loops and self.quantize == "int8"
        size = size_on_disk(self.source)
        if not learns_in_loop and size < LARGE:
            convert(self.source, path, **options)
            return
        try:
            convert_in_child(self.folder, self.source, path, **options)
        except ConverterCrash as crash:
            if learns_in_loop:
                raise loop_crash(str(crash)) from crash
            raise ExportError(
                f"TensorFlow's converter crashed ({crash}) at {size / 1e6:,.0f} MB of "
                "weights, of which it takes some eight times the memory. Nothing was "
                "written. Use a machine with more of it, or convert the model to a "
                "smaller one first."
            ) from crash


def _reason(error) -> str:
    """Returns what LiteRT lacks, by name, or else the end of a message.

    Messages of the converter begin with a stack and end with the graph.
    """
    lacks = re.findall(r"^(?:Custom|Flex) ops: (.+)$", str(error), re.MULTILINE)
    if lacks:
        return f"LiteRT has no operation {', '.join(lacks)}"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[-3:])[-500:].rstrip(".")
