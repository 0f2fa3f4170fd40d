"""A Keras model as an ONNX file."""

import contextlib
import importlib
import warnings

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.export.comparison import allowed_error, compare, reference_outputs
from tfcompress.export.export_error import ExportError
from tfcompress.export.float32_clone import float32_clone
from tfcompress.export.probe import probe_batch
from tfcompress.export.result import ExportResult
from tfcompress.export.serving import written_out
from tfcompress.export.signature import Signature, check_model
from tfcompress.kernels.kernel import Kernel
from tfcompress.sublayers import every_layer
from tfcompress.writing import file_target, replace, workshop

PACKAGES = ("tf2onnx", "onnxruntime")


def to_onnx(
    model, path, *, probe=None, tolerance=None, opset_version=None
) -> ExportResult:
    """Writes `model` as an ONNX file, once ONNX Runtime ran it and gave the same outputs.

    The conversion is that of `model.export(path, format="onnx")`, which hands over what
    no runtime loads where a layer computes its weight in the graph. Here hashed layers
    and their like go out with their whole weight, as fast and as large as plain ones; low
    rank stays two products; weights of few bits are float32 numbers of few values. All
    is in float32, the number of examples is free.

    Not gained: a smaller file than float32 weights make. `to_tflite` has few bits and
    zeros; ONNX has quantization tools of its own, which start from this file.

    It needs `pip install tfcompress[onnx]`.

    Args:
        model: A built Keras model: sequential, functional, or a subclassed one of one
            argument that was called on data.
        path: The file to write; it ends in `.onnx`. What is there before is replaced at
            the very end.
        probe: Examples to compare on, as the model takes them; generated if None.
        tolerance: Greatest relative error of an output, as `to_tflite` has it. If None,
            0.001, or 0.1 for a model that computes in half precision.
        opset_version: Version of ONNX's operations, or None for that of the converter.

    Raises:
        TypeError: `model` is not a Keras model, or `path` not a path.
        ValueError: `path` cannot be written, or `probe` does not fit the model.
        ImportError: A package of the extra `onnx` is missing.
        ExportError: The conversion failed, ONNX Runtime does not load the file, or it
            does not give the model's outputs. Nothing was written.
    """
    signature = Signature.of(check_model(model))
    path = file_target(path, ".onnx")
    if opset_version is not None:
        opset_version = _checks.integer("opset_version", opset_version)
    allowed = allowed_error(tolerance, model)
    by_name = probe_batch(signature, probe)
    batch = signature.pack(by_name)
    reference = reference_outputs(model, batch)
    _check_packages()
    full = float32_clone(model)
    called = full(batch)  # Keras exports only what has been called
    # A dictionary of outputs loses its order, and its names, on the way.
    names = {name: name for name in reference}
    order = keras.tree.flatten(names) if isinstance(called, dict) else [*names]
    with workshop(path) as folder:
        made = folder / "model.onnx"
        _convert(full, batch, made, opset_version)
        outputs = dict(zip(order, _run(made, by_name), strict=True))
        remedy = "Does a layer draw random numbers at inference?"
        max_error = compare(reference, outputs, allowed, "`to_onnx`", remedy)
        size = made.stat().st_size
        replace(path, made)
    return ExportResult(path, size, max_error)


def _check_packages():
    for name in PACKAGES:
        try:
            importlib.import_module(name)
        except ImportError as error:
            raise ImportError(
                f"`to_onnx` needs {name!r}: `pip install tfcompress[onnx]`."
            ) from error


def _convert(model, inputs, path, opset_version):
    kernels = [layer for layer in every_layer(model) if isinstance(layer, Kernel)]
    with contextlib.ExitStack() as stack:
        for kernel in kernels:
            stack.enter_context(written_out(kernel, inputs))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # of the converter, about NumPy
        try:
            model.export(
                str(path), format="onnx", verbose=False, opset_version=opset_version
            )
        except Exception as error:
            raise ExportError(
                f"`model` could not be converted to ONNX: {_line(error)}. "
                "Nothing was written."
            ) from error


def _run(path, by_name) -> list[np.ndarray]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        raise ExportError(
            f"ONNX Runtime does not load the file: {_line(error)}. Nothing was written."
        ) from error
    # Keras keeps the order of the inputs, not always their names.
    wanted = zip(session.get_inputs(), by_name.values(), strict=True)
    return session.run(None, {one.name: np.asarray(array) for one, array in wanted})


def _line(error) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:300]
