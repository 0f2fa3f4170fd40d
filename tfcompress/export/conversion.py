"""From a SavedModel to a TFLite file that was run and compared."""

import dataclasses
import pathlib

from tfcompress.export.child_process import ConverterCrash, convert_in_child
from tfcompress.export.combinations import FEW_BITS, INSTEAD, NOT_SPARSE, sparse_fault
from tfcompress.export.comparison import compare
from tfcompress.export.constants import zeros
from tfcompress.export.converter import convert
from tfcompress.export.export_error import ExportError
from tfcompress.export.few_bits import quantize_dense_layers
from tfcompress.export.kernel_bits import store_codes
from tfcompress.runtime.tflite_model import TFLiteModel


@dataclasses.dataclass(frozen=True)
class Made:
    """A file that gives what the model gives, within the tolerance."""

    path: pathlib.Path
    max_error: float
    sparse: bool
    notes: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        return self.path.stat().st_size


@dataclasses.dataclass(frozen=True)
class Conversion:
    """A SavedModel, and what is asked of the files that are made from it.

    Args:
        folder: Holds the SavedModel as `saved_model`, and takes the files.
        quantize: One of the formats of `to_tflite`.
        samples: Representative examples by input name, or None.
        batch_size: Examples in every call; None if free.
        loops: Whether the model has loops.
        batch: The probe, by input name.
        reference: The model's outputs for it.
        allowed: The greatest relative error.
        codes: For `"kernels"`: what each kernel of few bits consists of, by its name.
    """

    folder: pathlib.Path
    quantize: str | None
    samples: dict | None
    batch_size: int | None
    loops: bool
    batch: dict
    reference: dict
    allowed: float
    codes: dict = dataclasses.field(default_factory=dict)

    def run(self, sparse) -> Made:
        """Returns the file, with zeros left out if `sparse`; the smaller one if None.

        Raises:
            ExportError: No such file can be made, or it is not what the model is.
        """
        plain = self._make(sparse=False)
        if sparse is False or self.quantize in NOT_SPARSE:
            return plain
        fault = sparse_fault(self.quantize, zeros(plain.path))
        if fault:
            if sparse:
                raise ExportError(f"`sparse=True` {fault}")
            return plain
        try:
            made = self._make(sparse=True)
        except ExportError:
            if sparse:
                raise
            return plain
        return made if sparse else min(plain, made, key=lambda made: made.bytes)

    def _make(self, sparse) -> Made:
        how = f"quantize={self.quantize!r}" + ", sparse=True" * sparse
        remedy = "Use sparse=False." if sparse else INSTEAD[self.quantize]
        path = self.folder / f"{'sparse' if sparse else 'plain'}.tflite"
        try:
            notes = self._convert(path, sparse)
            outputs = TFLiteModel(path).predict_by_name(self.batch)
        except ExportError:
            raise
        except Exception as error:
            raise ExportError(
                f"No file with {how} could be made and run: {_end(error)}. Nothing was "
                f"written. {remedy}"
            ) from error
        max_error = compare(self.reference, outputs, self.allowed, how, remedy)
        return Made(path, max_error, sparse, notes)

    def _convert(self, path, sparse):
        """Writes the file; returns how its weights of few bits are stored."""
        source = self.folder / "saved_model"
        if self.quantize == "kernels" or self.quantize in FEW_BITS:
            whole = self.folder / "whole.tflite"
            convert(source, whole)
            if self.quantize == "kernels":
                return store_codes(whole, path, self.codes)
            quantize_dense_layers(whole, path, bits=FEW_BITS[self.quantize])
            return ()
        options = {"quantize": self.quantize, "sparse": sparse}
        if self.quantize != "int8":
            convert(source, path, **options)
            return ()
        options |= {"samples": self.samples, "batch_size": self.batch_size or 1}
        if not self.loops:
            convert(source, path, **options)
            return ()
        # Learning the ranges inside a loop ends the whole process in TensorFlow 2.21.
        try:
            convert_in_child(self.folder, source, path, **options)
        except ConverterCrash as crash:
            raise ExportError(
                f"TensorFlow's converter crashes ({crash}) at quantize='int8' of a "
                "model with loops. Nothing was written. Use quantize='dynamic' or "
                "'float16'; for short sequences, recurrent layers with `unroll=True`."
            ) from crash
        return ()


def _end(error) -> str:
    """Returns the last lines of a message: the converter's begin with a stack."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[-3:])[-500:].rstrip(".")
