"""A Keras model as a SavedModel, each weight stored once."""

import pathlib

import keras

from tfcompress.export.comparison import allowed_error, compare, reference_outputs
from tfcompress.export.probe import probe_batch
from tfcompress.export.result import ExportResult
from tfcompress.export.serving import (
    ENDPOINT,
    named_outputs,
    serving_function,
    stored,
    write_saved_model,
)
from tfcompress.export.signature import Signature, check_model
from tfcompress.writing import folder_target, replace, size_on_disk, workshop


def to_saved_model(model, path, *, probe=None, tolerance=None) -> ExportResult:
    """Writes `model` as a SavedModel, once it was loaded and gave the same outputs.

    The folder has one endpoint, `serve`, also named `serving_default`, for any number
    of examples. It needs neither this package nor Keras: `tf.saved_model.load(path)`
    or TensorFlow Serving run it, and `keras.layers.TFSMLayer(path)` makes a layer of
    it. Each variable is stored once, where `model.export` stores it twice; what hashed
    layers look up is computed, not stored. Weights keep the types that they have.

    It can be trained on, as it is at inference: the layer by `SGD` (in Keras 3.15 Adam
    and others with averages refuse the names of its weights), what TensorFlow loads by a
    loop of yours over its `trainable_variables`.

    Not gained: a smaller file than the weights. Zeros and small integers take as many
    bytes as any number here; `to_tflite` makes use of them.

    Args:
        model: A built Keras model: sequential, functional, or a subclassed one of one
            argument that was called on data.
        path: The folder to write. It may exist if it is empty or a SavedModel; that is
            replaced at the very end.
        probe: Examples to compare on, as the model takes them; generated if None.
        tolerance: Greatest relative error of an output, as `to_tflite` has it. If
            None, 0.001, or 0.1 for a model that computes in half precision.

    Raises:
        TypeError: `model` is not a Keras model, or `path` not a path.
        ValueError: `path` cannot be written, or `probe` does not fit the model.
        ExportError: The written function does not give the model's outputs.
        RuntimeError: It is called inside the scope of a `tf.distribute` strategy.

    Example:

    >>> import tempfile, keras
    >>> model = keras.Sequential([keras.Input((100,)), keras.layers.Dense(1000)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result = to_saved_model(model, folder + "/served")
    >>> result.max_error < 1e-5
    True
    >>> weights = 101 * 1000 * 4
    >>> 1.0 < result.bytes / weights < 1.1  # 2.0 with `model.export`
    True
    """
    signature = Signature.of(check_model(model))
    _refuse_scope()
    path = folder_target(path)
    allowed = allowed_error(tolerance, model)
    batch = signature.pack(probe_batch(signature, probe))
    reference = reference_outputs(model, batch)
    with workshop(path) as folder:
        made = folder / "model"
        function = serving_function(model, signature, weights=stored)
        write_saved_model(function, made, model.trainable_variables)
        outputs = _run(made, batch)
        remedy = "Does a layer draw random numbers at inference?"
        max_error = compare(reference, outputs, allowed, "`to_saved_model`", remedy)
        size = size_on_disk(made)
        replace(path, made)
    return ExportResult(path, size, max_error)


def _refuse_scope():
    import tensorflow as tf

    if tf.distribute.has_strategy():
        raise RuntimeError(
            "`to_saved_model` runs what it has written, which TensorFlow cannot do "
            "inside `strategy.scope()`: call it outside."
        )


def _run(folder: pathlib.Path, batch):
    import tensorflow as tf

    loaded = tf.saved_model.load(str(folder))  # its variables live as long as it does
    serve = getattr(loaded, ENDPOINT)
    return named_outputs(serve(keras.tree.map_structure(tf.constant, batch)))
