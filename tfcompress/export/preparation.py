"""What all files that are made from one model have in common."""

import dataclasses
import functools
import pathlib

import numpy as np

from tfcompress import _checks
from tfcompress.export import serving
from tfcompress.export.combinations import LOOPS, refuse_operations
from tfcompress.export.comparison import allowed_error, reference_outputs
from tfcompress.export.conversion import Conversion
from tfcompress.export.float32_clone import float32_clone
from tfcompress.export.kernel_bits import kernel_codes
from tfcompress.export.probe import probe_batch
from tfcompress.export.scoring import Scoring
from tfcompress.export.signature import Signature


@dataclasses.dataclass(frozen=True)
class Preparation:
    """A model with what its files are made and compared with.

    Args:
        model: The model.
        full: The same in float32.
        signature: Its inputs, with the sizes of the probe.
        samples: Representative examples by input name, or None.
        batch: The probe, by input name.
        reference: The model's outputs for it.
        batch_size: Examples in every call of a file; None if free.
        tolerance: The relative error to allow, or None for what suits a format.
        scoring: What the accuracy of a file is measured on, or None.
        metadata: What is written into each file, or None.
    """

    model: object
    full: object
    signature: Signature
    samples: dict | None
    batch: dict[str, np.ndarray]
    reference: dict[str, np.ndarray]
    batch_size: int | None
    tolerance: float | None
    scoring: Scoring | None
    metadata: dict | None

    @classmethod
    def of(
        cls,
        model,
        *,
        representative_data,
        probe,
        batch_size,
        tolerance,
        accuracy_data,
        max_accuracy_drop,
        metadata,
    ) -> "Preparation":
        """Returns the preparation for arguments of `to_tflite`.

        Raises:
            ValueError: One of them does not fit the model.
            ExportError: The model cannot be computed in float32, or gives NaN.
        """
        full = float32_clone(model)
        signature = Signature.of(full)
        samples = None
        if representative_data is not None:
            samples = signature.arrays("representative_data", representative_data)
        batch = probe_batch(signature, probe, samples)
        scoring = None
        drop = _checks.number("max_accuracy_drop", max_accuracy_drop, low=0, high=1)
        if accuracy_data is not None:
            scoring = Scoring.of(model, signature, accuracy_data, drop)
        signature = signature.sized_like(batch)
        reference = reference_outputs(model, signature.pack(batch))
        return cls(
            model,
            full,
            signature,
            samples,
            batch,
            reference,
            batch_size,
            tolerance,
            scoring,
            metadata,
        )

    @functools.cached_property
    def codes(self) -> dict:
        """What each kernel of few bits consists of, by its name."""
        return kernel_codes(self.full)

    def conversion(
        self, workshop: pathlib.Path, quantize, *, compact=False, most=np.inf
    ) -> Conversion:
        """Returns what makes files of one format, once the model is written for it.

        Args:
            workshop: Takes the model and the files.
            quantize: One of the formats of `to_tflite`.
            compact: Whether hashed layers are stored by their few values.
            most: The greatest relative error to allow, whatever suits the format.

        Raises:
            ExportError: The model's operations do not go with the format.
        """
        form, weights = self._weights(quantize, compact)
        batch_size = self.batch_size
        function = self._traced(weights, batch_size)
        loops = bool(serving.operations(function) & LOOPS)
        if loops and batch_size is None:
            batch_size = 1  # LiteRT cannot run a loop on any number of examples
            function = self._traced(weights, batch_size)
        refuse_operations(quantize, serving.operations(function))
        source = workshop / form
        if not source.exists():
            serving.write_saved_model(function, source)
        folder = workshop / f"{quantize}-{form}"
        folder.mkdir()
        allowed = allowed_error(self.tolerance, self.model, quantize)
        return Conversion(
            folder,
            source=source,
            quantize=quantize,
            samples=self.samples,
            batch_size=batch_size,
            loops=loops,
            batch=self.batch,
            reference=self.reference,
            allowed=min(allowed, most),
            codes=self.codes if quantize == "kernels" else {},
            scoring=self.scoring,
            metadata=self.metadata,
        )

    def _weights(self, quantize, compact):
        """Returns a name and a context: how the graph has the weights of kernels."""
        if compact:
            return "compact", serving.compact
        if quantize == "kernels":
            return "padded", functools.partial(serving.rounded_later, pad=True)
        if quantize in ("dynamic", "int8"):
            return "rounded", serving.rounded_later
        return "expanded", serving.expanded

    def _traced(self, weights, batch_size):
        return serving.serving_function(
            self.full, self.signature, weights=weights, batch_size=batch_size
        )
