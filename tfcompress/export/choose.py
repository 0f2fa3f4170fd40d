"""The smallest or the fastest of the files that a model can be."""

import dataclasses
import pathlib

from tfcompress.export.combinations import loop_crash
from tfcompress.export.conversion import Conversion
from tfcompress.export.export_choice import ExportChoice
from tfcompress.export.export_error import ExportError
from tfcompress.export.supervised import attempts
from tfcompress.export.variant import Variant
from tfcompress.kernels.kernel import Kernel
from tfcompress.runtime.compare_latency import compare_latency
from tfcompress.sublayers import every_layer
from tfcompress.writing import replace, workshop

# Without labelled data the outputs alone decide, and then closer than for a format
# that the user asked for by name.
CLOSE = 0.1
# Times that differ by less are the same; the smaller file wins.
SAME_TIME = 1.05
ROUNDS = 41
GOALS = ("smallest", "fastest")


def choose(preparation, path: pathlib.Path, goal: str, time_limit: float):
    """Writes the best of the files that are right to `path`; returns all variants.

    Args:
        preparation: The `Preparation` of the model.
        path: The file to write.
        goal: `"smallest"` or `"fastest"`.
        time_limit: Seconds for each variant.

    Returns:
        An `ExportChoice`.

    Raises:
        ExportError: No file is right.
    """
    with workshop(path) as folder:
        tried = _try_all(preparation, folder, time_limit)
        files = {variant.name: file for variant, file in tried if file is not None}
        if not files:
            faults = " ".join(f"{v.name}: {v.fault}." for v, _ in tried)
            raise ExportError(f"No variant is right. Nothing was written. {faults}")
        times = compare_latency(files, rounds=ROUNDS).microseconds
        variants = tuple(
            dataclasses.replace(variant, microseconds=times.get(variant.name))
            for variant, _ in tried
        )
        chosen = best([v for v in variants if not v.fault], goal)
        replace(path, files[chosen.name])
    return ExportChoice(
        path=path,
        bytes=chosen.bytes,
        max_error=chosen.max_error,
        quantize=chosen.quantize,
        sparse=chosen.sparse,
        batch_size=chosen.batch_size,
        notes=chosen.notes,
        accuracy=chosen.accuracy,
        goal=goal,
        variants=variants,
        chosen=chosen,
        model_accuracy=preparation.scoring and preparation.scoring.accuracy,
    )


def best(variants, goal: str) -> Variant:
    """Returns the smallest of `variants`, or the fastest, and then the smaller one."""
    if goal == "fastest":
        most = SAME_TIME * min(variant.microseconds for variant in variants)
        variants = [variant for variant in variants if variant.microseconds <= most]
    return min(variants, key=lambda variant: (variant.bytes, variant.microseconds))


def _try_all(preparation, folder, time_limit):
    """Returns pairs of a variant and its file, None where it has a fault."""
    # Where labelled data or the user says what is right, that is enough.
    decided = preparation.tolerance is not None or preparation.scoring is not None
    limits = {} if decided else {"most": CLOSE}
    tried = []
    for quantize, compact in _formats(preparation):
        try:
            made = preparation.conversion(folder, quantize, compact=compact, **limits)
            if quantize == "int8" and made.loops:
                raise loop_crash()
            tried += [(made, compact, sparse) for sparse in (False, True)]
        except ExportError as error:
            tried.append((_refused(quantize, compact, error), compact, False))
    steps = [(c, sparse) for c, _, sparse in tried if isinstance(c, Conversion)]
    outcomes = iter(attempts(folder, steps, time_limit))
    found = []
    for conversion, compact, sparse in tried:
        if isinstance(conversion, Variant):
            found.append((conversion, None))
        elif (outcome := next(outcomes)) is not None:
            file = outcome.pop("path", None)
            how = {
                "quantize": conversion.quantize,
                "sparse": sparse,
                "compact": compact,
            }
            outcome["fault"] = _short(outcome.get("fault", ""))
            outcome["notes"] = tuple(outcome.get("notes", ()))
            variant = Variant(**how, **outcome, batch_size=conversion.batch_size)
            found.append((variant, file and pathlib.Path(file)))
    return found


def _refused(quantize, compact, error):
    return Variant(quantize, compact=compact, fault=_short(str(error)))


def _short(fault) -> str:
    """Returns the reason without what is true of one file only."""
    return fault.split(" Nothing was written")[0].rstrip(".")


def _formats(preparation):
    """Yields what may suit the model: how to quantize it, and whether compactly."""
    formats = [None, "float16", "dynamic"]
    if preparation.samples is not None:
        formats.append("int8")
    if any(preparation.codes.values()):
        formats.append("kernels")
    yield from ((quantize, False) for quantize in [*formats, "int4", "int2"])
    kernels = (k for k in every_layer(preparation.full) if isinstance(k, Kernel))
    if any(kernel.has_compact_form for kernel in kernels):
        yield from ((quantize, True) for quantize in (None, "float16"))
