"""The rows of a report: what each part of a model stores and computes."""

import keras
import numpy as np

from tfcompress.kernels.kernel import Kernel
from tfcompress.report.layer_report import LayerReport
from tfcompress.report.parts import parts
from tfcompress.sublayers import sublayers


def rows(model, macs: dict[int, int | None]) -> tuple[LayerReport, ...]:
    """Returns a row for each part of `model` that stores or computes something.

    Args:
        model: A built model.
        macs: Multiply-accumulates of the parts, by `id`; a part not in it is unknown.
    """
    counted = set()  # a variable that several layers share is stored once
    found = []
    for name, part in parts(model):
        row = _row(name, part, macs.get(id(part)), counted)
        if row.parameters or row.macs or part.weights:
            found.append(row)
    return tuple(found)


def _row(name, part, macs, counted):
    bits = parameters = nonzero = 0
    # Variables whose bits a kernel has told. One that shares some with a kernel before
    # it cannot tell what is left, and its others are counted as they are.
    answered = set()
    kernels = _kernels(part)
    errors = [kernel.error for kernel in kernels if kernel.error is not None]
    for kernel in kernels:
        own = {id(v) for v in kernel.variables}
        if not own & counted:
            bits += kernel.stored_bits()
            answered |= own
    for variable in part.weights:
        if id(variable) in counted:
            continue
        counted.add(id(variable))
        values = keras.ops.convert_to_numpy(variable)
        parameters += values.size
        nonzero += int(np.count_nonzero(values))
        if id(variable) not in answered:
            bits += values.size * values.dtype.itemsize * 8
    kind, error = type(part).__name__, max(errors, default=None)
    return LayerReport(name, kind, parameters, nonzero, bits, macs, error)


def _kernels(layer):
    """The built kernels of `layer`: each answers for what it stores."""
    if isinstance(layer, Kernel):
        return [layer] if layer.built else []
    return [kernel for sub in sublayers(layer) for kernel in _kernels(sub)]
