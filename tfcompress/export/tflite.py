"""A Keras model as a TFLite file."""

from tfcompress import _checks
from tfcompress.export.choose import GOALS, choose
from tfcompress.export.combinations import refuse_settings
from tfcompress.export.comparison import TOLERANCES
from tfcompress.export.metadata import plain_metadata
from tfcompress.export.preparation import Preparation
from tfcompress.export.result import ExportResult
from tfcompress.export.signature import check_model
from tfcompress.writing import file_target, replace, workshop


def to_tflite(
    model,
    path,
    *,
    goal=None,
    quantize=None,
    representative_data=None,
    sparse=None,
    compact=False,
    batch_size=None,
    probe=None,
    tolerance=None,
    accuracy_data=None,
    max_accuracy_drop=0.005,
    time_limit=120.0,
    metadata=None,
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
    | `"int4"` | int4 in dense layers, in blocks of inputs | 1/8 | no convolutions |
    | `"int2"` | ternary in dense layers | 1/16 | the same, and ternary weights |

    Not gained: time, by float16 or by leaving out scattered zeros; LiteRT expands both
    when it loads the file. Layers that compute their whole weight from fewer numbers,
    such as hashed and clustered ones, are written with it: as large as plain layers, and
    as fast; or with the fewer numbers, if `compact`: then as small as they are, and
    slow. By `"int8"` operations that have no integer form stay in float32.

    `"kernels"` stores the weights that kernels of few bits were trained to (`Binary`,
    `Ternary`, `Quantized`), number by number: in dense layers two bits for up to 2, four
    for up to 4, else eight; in convolutions eight, which is what LiteRT has. What goes into
    these layers is quantized as it comes, to eight bits. Other layers stay in float32.
    `notes` of the result tell how each weight is stored.

    With a `goal` all of these are tried that may suit the model, each with and without
    its zeros, hashed and clustered layers `compact` too; in a child process, since some
    of them crash the converter. The smallest or the fastest file that is right is kept,
    and the result, an `ExportChoice`, is the table of all. Fast is what is fast on this
    machine, for one example and one thread; of files within 5 % of the fastest the
    smallest.

    Args:
        model: A built Keras model: sequential, functional, or a subclassed one of one
            argument that was called on data.
        path: The file to write; it ends in `.tflite`. What is there before is replaced
            at the very end.
        goal: None, `"smallest"` or `"fastest"`. With a goal `quantize`, `sparse` and
            `compact` are chosen.
        quantize: See above.
        representative_data: For `"int8"`, and to try it for a goal: some hundred
            examples, as the model takes them, from which the ranges of values are learnt.
        sparse: Whether zeros are left out of the file. None does so where the file gets
            smaller and such a file is known to work.
        compact: If True, hashed layers are stored by their few values, clustered ones by
            those and indices, and the file computes their weights for each call: tens of
            times slower in blocks, hundreds of times by elements. It costs some 10 KB
            per weight, so it is for large ones. For None and `"float16"` only.
        batch_size: Examples in every call of the file. If None any number, but 1 for a
            model with loops (recurrent layers without `unroll`): LiteRT cannot run them
            otherwise. With 1, a file that flattens is a little smaller and faster.
        probe: Examples to compare on, as the model takes them. If None the first of
            `representative_data`, or generated ones. They also set sizes that the model
            leaves free.
        tolerance: Greatest relative error of an output over the probe,
            $\lVert y - \hat y \rVert / \lVert y \rVert$. If None, 0.001 for
            float32, 0.02 for float16, 0.25 for eight bits, 0.5 for fewer; at least 0.1
            for a model that computes in half precision. With a goal at most 0.1, unless
            `accuracy_data` decide.
        accuracy_data: Pair `(x, y)` of examples and their classes, indices or one-hot,
            or None. The accuracy of the file on them is in the result.
        max_accuracy_drop: How much lower than the model's it may be, as a share of the
            examples.
        time_limit: For a goal: seconds for each variant.
        metadata: Dictionary to write into the file, or None: `labels` (a list of strings,
            also found by other tools), how inputs are normalized, the `Recipe` that made
            the model, or what else JSON can hold. `TFLiteModel(path).metadata` reads it.

    Raises:
        TypeError: `model` is not a Keras model, or `path` not a path, or `metadata` no
            dictionary.
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
    _checks.choice("goal", goal, (None, *GOALS))
    if sparse is not None:
        sparse = _checks.boolean("sparse", sparse)
    compact = _checks.boolean("compact", compact)
    if goal is None:
        refuse_settings(quantize, sparse, compact)
    elif (quantize, sparse, compact) != (None, None, False):
        rule = "be None where `quantize`, `sparse` or `compact` say what to make"
        raise _checks.error("goal", rule, goal)
    if batch_size is not None:
        batch_size = _checks.integer("batch_size", batch_size)
    if tolerance is not None:
        tolerance = _checks.number("tolerance", tolerance, low=0, open_low=True)
    time_limit = _checks.number("time_limit", time_limit, low=0, open_low=True)
    if quantize == "int8" and representative_data is None:
        rule = "be given for quantize='int8'"
        remedy = "Give some hundred examples, such as `x_train[:200]`."
        raise _checks.error("representative_data", rule, None, remedy=remedy)
    preparation = Preparation.of(
        model,
        representative_data=representative_data,
        probe=probe,
        batch_size=batch_size,
        tolerance=tolerance,
        accuracy_data=accuracy_data,
        max_accuracy_drop=max_accuracy_drop,
        metadata=plain_metadata(metadata),
    )
    if quantize == "kernels" and not any(preparation.codes.values()):
        rule = "not be 'kernels' for a model without kernels of few bits"
        remedy = "Convert layers to `tfcompress.kernels.Quantized` (a symmetric one), "
        remedy += "`Ternary` or `Binary` (past its first stage), or use 'dynamic'."
        raise _checks.error("quantize", rule, quantize, remedy=remedy)
    if goal is not None:
        return choose(preparation, path, goal, time_limit)
    with workshop(path) as folder:
        conversion = preparation.conversion(folder, quantize, compact=compact)
        made = conversion.run(sparse)
        result = ExportResult(
            path,
            made.bytes,
            made.max_error,
            quantize,
            made.sparse,
            conversion.batch_size,
            made.notes,
            made.accuracy,
        )
        replace(path, made.path)
    return result
