"""A Keras model as a TFLite file."""

import functools

from tfcompress import _checks
from tfcompress.export import serving
from tfcompress.export.combinations import LOOPS, refuse_operations, refuse_settings
from tfcompress.export.comparison import TOLERANCES, allowed_error, reference_outputs
from tfcompress.export.conversion import Conversion
from tfcompress.export.float32_clone import float32_clone
from tfcompress.export.kernel_bits import kernel_codes
from tfcompress.export.probe import probe_batch
from tfcompress.export.result import ExportResult
from tfcompress.export.signature import Signature, check_model
from tfcompress.writing import file_target, replace, workshop


def to_tflite(
    model,
    path,
    *,
    quantize=None,
    representative_data=None,
    sparse=None,
    compact=False,
    batch_size=None,
    probe=None,
    tolerance=None,
) -> ExportResult:
    r"""Writes `model` as a TFLite file, once LiteRT ran it and gave the same outputs.

    The file has only LiteRT's own operations and runs with its default delegates.
    Inputs and outputs stay float32, whatever the weights are.

    | `quantize` | weights | bytes | what it needs |
    | --- | --- | --- | --- |
    | None | float32 | 1 | |
    | `"float16"` | float16, computed in float32 | 1/2 | |
    | `"dynamic"` | int8, inputs of a layer quantized as they come | 1/4 | |
    | `"int8"` | int8, as are the values between layers | 1/4 | `representative_data` |
    | `"kernels"` | as many bits as each kernel has | 1/4 to 1/16 | kernels of few bits |
    | `"int4"` | int4 in dense layers | 1/8 | no convolutions |
    | `"int2"` | ternary in dense layers | 1/16 | the same, and ternary weights |

    Not gained: time, by float16 or by leaving out scattered zeros; LiteRT expands both
    when it loads the file. Layers that compute their whole weight from fewer numbers,
    such as hashed ones, are written with it: as large as plain layers, and as fast; or
    with the fewer numbers, if `compact`: then as small as they are, and slow. By
    `"int8"` operations that have no integer form stay in float32.

    `"kernels"` stores the weights that kernels of few bits were trained to (`Binary`,
    `Ternary`, `Quantized`), number by number: in dense layers two bits for up to 2, four
    for up to 4, else eight; in convolutions eight, which is what LiteRT has. What goes into
    these layers is quantized as it comes, to eight bits. Other layers stay in float32.
    `notes` of the result tell how each weight is stored.

    Args:
        model: A built Keras model: sequential, functional, or a subclassed one of one
            argument that was called on data.
        path: The file to write; it ends in `.tflite`. What is there before is replaced
            at the very end.
        quantize: See above.
        representative_data: For `"int8"`: some hundred examples, as the model takes
            them, from which the ranges of values are learnt.
        sparse: Whether zeros are left out of the file. None does so where the file gets
            smaller and such a file is known to work.
        compact: If True, hashed layers are stored by their few values and the file
            computes their weights for each call: tens of times slower in blocks,
            hundreds of times by elements. It costs some 10 KB per weight, so it is for
            large ones. For None and `"float16"` only.
        batch_size: Examples in every call of the file. If None any number, but 1 for a
            model with loops (recurrent layers without `unroll`): LiteRT cannot run them
            otherwise. With 1, a file that flattens is a little smaller and faster.
        probe: Examples to compare on, as the model takes them. If None the first of
            `representative_data`, or generated ones. They also set sizes that the model
            leaves free.
        tolerance: Greatest relative error of an output over the probe,
            $\lVert y - \hat y \rVert / \lVert y \rVert$. If None, 0.001 for
            float32, 0.02 for float16, 0.25 for eight bits, 0.5 for fewer; at least 0.1
            for a model that computes in half precision.

    Raises:
        TypeError: `model` is not a Keras model, or `path` not a path.
        ValueError: `path` cannot be written, an argument does not fit the model, or a
            combination is known to fail.
        ExportError: The conversion failed, or the file is not what the model is. A
            ValueError too; nothing was written.

    Example:

    >>> import tempfile, keras
    >>> layers = [keras.Input((256,)), keras.layers.Dense(256), keras.layers.Dense(10)]
    >>> model = keras.Sequential(layers)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     whole = to_tflite(model, folder + "/whole.tflite")
    ...     small = to_tflite(model, folder + "/small.tflite", quantize="dynamic")
    >>> whole.max_error < 1e-5, whole.bytes / small.bytes > 3.5
    (True, True)
    """
    check_model(model)
    path = file_target(path, ".tflite")
    _checks.choice("quantize", quantize, tuple(TOLERANCES))
    if sparse is not None:
        _checks.boolean("sparse", sparse)
    if batch_size is not None:
        _checks.integer("batch_size", batch_size)
    _checks.boolean("compact", compact)
    refuse_settings(quantize, sparse, compact)
    allowed = allowed_error(tolerance, model, quantize)
    full = float32_clone(model)
    signature = Signature.of(full)
    samples = _samples(signature, quantize, representative_data)
    batch = probe_batch(signature, probe, samples)
    signature = signature.sized_like(batch)
    reference = reference_outputs(model, signature.pack(batch))

    codes = kernel_codes(full) if quantize == "kernels" else {}
    if quantize == "kernels" and not any(codes.values()):
        rule = "not be 'kernels' for a model without kernels of few bits"
        remedy = "Convert layers to `tfcompress.kernels.Quantized`, or use 'dynamic'."
        raise _checks.error("quantize", rule, quantize, remedy=remedy)
    weights = serving.compact if compact else serving.expanded
    if quantize in ("dynamic", "int8", "kernels"):
        weights = functools.partial(serving.rounded_later, pad=quantize == "kernels")
    serve = functools.partial(
        serving.serving_function, full, signature, weights=weights
    )
    function = serve(batch_size=batch_size)
    loops = bool(serving.operations(function) & LOOPS)
    if loops and batch_size is None:
        batch_size = 1
        function = serve(batch_size=1)
    refuse_operations(quantize, serving.operations(function))
    with workshop(path) as folder:
        serving.write_saved_model(function, folder / "saved_model")
        made = Conversion(
            folder,
            quantize=quantize,
            samples=samples,
            batch_size=batch_size,
            loops=loops,
            batch=batch,
            reference=reference,
            allowed=allowed,
            codes=codes,
        ).run(sparse)
        result = ExportResult(
            path,
            made.bytes,
            made.max_error,
            quantize,
            made.sparse,
            batch_size,
            made.notes,
        )
        replace(path, made.path)
    return result


def _samples(signature, quantize, data):
    if data is not None:
        return signature.arrays("representative_data", data)
    if quantize == "int8":
        rule = "be given for quantize='int8'"
        remedy = "Give some hundred examples, such as `x_train[:200]`."
        raise _checks.error("representative_data", rule, data, remedy=remedy)
    return None
