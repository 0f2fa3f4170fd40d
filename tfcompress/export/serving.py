"""The function that every export serves, and the SavedModel that carries it."""

import contextlib
import functools
import logging

import keras
import numpy as np

from tfcompress.export.export_error import ExportError
from tfcompress.export.few_bits import BLOCKS
from tfcompress.kernels.kernel import Kernel
from tfcompress.kernels.quantized import Quantized
from tfcompress.sublayers import every_layer

ENDPOINT = "serve"


def serving_function(model, signature, *, batch_size=None, weights):
    """Returns the traced `tf.function` of `model`'s inference.

    Args:
        model: The model.
        signature: Its inputs.
        batch_size: Number of examples of every call; free if None.
        weights: How the graph has the weights of kernels: a context manager that takes
            a kernel and the inputs, and is entered while the model is traced; `stored`,
            `expanded` or `compact`.
    """
    import tensorflow as tf

    kernels = [layer for layer in every_layer(model) if isinstance(layer, Kernel)]

    def serve(inputs):
        with contextlib.ExitStack() as stack:
            for kernel in kernels:
                stack.enter_context(weights(kernel, inputs))
            outputs = model(inputs, training=False)
        # TensorFlow gives a lone output and those of a list the names that we do.
        if isinstance(outputs, (list, tuple)):
            return keras.tree.flatten(outputs)
        return named_outputs(outputs) if isinstance(outputs, dict) else outputs

    specs = [signature.specs(batch_size)]
    function = tf.function(serve, input_signature=specs, autograph=False)
    function.get_concrete_function()
    return function


def stored(kernel, inputs):
    """In this context the graph computes the weight from what is stored."""
    return kernel.recomputed()


@contextlib.contextmanager
def compact(kernel, inputs):
    """As `stored`, in a way that no converter can compute beforehand.

    The positions of stored values then depend on the inputs, by a zero: no size is
    below 0, but nobody knows that without looking.
    """
    import tensorflow as tf

    if not kernel.has_compact_form:
        with expanded(kernel, inputs):
            yield
        return
    first = tf.reshape(keras.tree.flatten(inputs)[0], [-1])[0]
    below = tf.abs(tf.cast(first, tf.float32)) < 0.0
    zero = tf.cast(below, tf.int32)
    with contextlib.ExitStack() as stack:
        stack.enter_context(kernel.exported())
        with tf.init_scope():  # out of the graph: a kernel may read what it stores
            stack.enter_context(kernel.recomputed(zero))
        stack.enter_context(_added(kernel, zero))
        yield


@contextlib.contextmanager
def _added(kernel, zero):
    """Adds a zero that nobody knows to be one to what a matrix `kernel` gives.

    Without a bias between them, the converter takes a product and the ReLU after it for
    one operation; where the matrix is computed it then drops the ReLU.
    """
    apply = kernel.apply

    def added(*args, **options):
        outputs = apply(*args, **options)
        return outputs + keras.ops.cast(zero, outputs.dtype)

    if len(kernel.shape) != 2:
        yield
        return
    kernel.apply = added
    try:
        yield
    finally:
        del kernel.apply


@contextlib.contextmanager
def expanded(kernel, inputs):
    """In this context the weight is computed at once, and the graph only reads it.

    The converter would do that too, but slowly, and not to the end: of a binary weight
    it leaves a comparison in the file, and then can neither quantize it nor be fast.
    """
    import tensorflow as tf

    compute = kernel.full

    def full(training=None):
        with tf.init_scope():  # out of the graph that is being traced
            return tf.convert_to_tensor(compute(training=False))

    with _with_full(kernel, full):
        yield


@contextlib.contextmanager
def written_out(kernel, inputs):
    """As `expanded`, for a converter that takes what the graph reads for an input."""
    weight = keras.ops.convert_to_numpy(kernel.full(training=False))
    with _with_full(kernel, lambda training=None: keras.ops.convert_to_tensor(weight)):
        yield


@contextlib.contextmanager
def _with_full(kernel, full):
    kernel.full = full
    try:
        with kernel.exported():
            yield
    finally:
        del kernel.full


@contextlib.contextmanager
def rounded_later(kernel, inputs, *, pad=False):
    """As `expanded`, and LiteRT rounds the inputs of eight bits itself.

    With `pad`, dense weights of four bits get zeros for inputs that are not there, up to
    a width at which LiteRT has its fast form of them.
    """
    with expanded(kernel, inputs):
        own = [name for name in ("prepare", "apply") if name in vars(kernel)]
        if isinstance(kernel, Quantized) and kernel.quantize_inputs == 8:
            kernel.prepare = lambda inputs, training=None: inputs
        if pad and isinstance(kernel, Quantized):
            kernel.apply = functools.partial(_padded, kernel, kernel.apply)
        try:
            yield
        finally:
            for name in ("prepare", "apply"):
                if name in vars(kernel) and name not in own:
                    delattr(kernel, name)


def _padded(kernel, apply, op, inputs, **options):
    width = kernel.shape[0]
    more = padding(width) if kernel.bits in (3, 4) and kernel.symmetric else 0
    if op is not keras.ops.matmul or not more:
        return apply(op, inputs, **options)
    inputs = kernel.prepare(inputs)
    inputs = keras.ops.pad(inputs, [(0, 0)] * (len(inputs.shape) - 1) + [(0, more)])
    return op(inputs, np.pad(kernel.full().numpy(), ((0, more), (0, 0))))


def padding(width: int) -> int:
    """Returns the inputs to add so that rows of four bits fall into blocks.

    None are added where they would cost more than they give: more than an eighth.
    """
    padded = [-(-width // block) * block for block in BLOCKS]
    # Four bits for each number, and sixteen for each block's scale.
    costs = [size * (4 + 16 / b) for size, b in zip(padded, BLOCKS, strict=True)]
    best = padded[int(np.argmin(costs))]
    return best - width if best <= 1.125 * width else 0


def write_saved_model(function, folder, trainable=()) -> None:
    """Writes `function` as a SavedModel that stores each of its variables once.

    What loads it finds those of `trainable` as its `trainable_variables`.
    """
    # `model.export` tracks the model too, and then stores everything a second time.
    archive = keras.export.ExportArchive()
    archive.add_endpoint(ENDPOINT, function)
    values = [variable.value for variable in trainable]
    archive.add_variable_collection("trainable_variables", values)
    try:
        with _no_news():
            archive.write_out(str(folder), verbose=False)
    except AssertionError as error:  # of resources that are no variables
        raise ExportError(
            "`model` holds tables, as lookup layers do. Export the part of it that "
            "comes after the preprocessing."
        ) from error


@contextlib.contextmanager
def _no_news():
    """In this context TensorFlow tells of no file: here each is but a draft.

    In a notebook, and there alone, it otherwise would.
    """
    import tensorflow as tf

    logger = tf.get_logger()
    level = logger.level
    logger.setLevel(max(level, logging.WARNING))
    try:
        yield
    finally:
        logger.setLevel(level)


def named_outputs(outputs) -> dict:
    """Returns `outputs`, of any structure, by the names that a file has for them."""
    leaves = keras.tree.flatten(outputs)
    if isinstance(outputs, dict) and len(leaves) == len(outputs):
        return dict(outputs)
    return {f"output_{i}": leaf for i, leaf in enumerate(leaves)}


def operations(function) -> set[str]:
    """Returns the types of the operations in `function`, inner functions included."""
    graph = function.get_concrete_function().graph.as_graph_def()
    inner = [node for one in graph.library.function for node in one.node_def]
    return {node.op for node in [*graph.node, *inner]}
