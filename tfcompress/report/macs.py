"""Multiply-accumulates of each layer type: weights, times where they are applied."""

import functools
import math

from keras import layers

from tfcompress.kernels.kernel import Kernel
from tfcompress.report.call import Call
from tfcompress.sublayers import sublayers


@functools.singledispatch
def macs(layer, call: Call) -> int | None:
    """Returns the multiply-accumulates of one call of `layer`.

    Each weight tensor is applied at a number of positions (rows of a batch, pixels of
    an output, steps of a sequence), and each time it costs the product of its sizes;
    or what its kernel says, in the layers that apply a kernel by its parts: dense ones
    and convolutions without groups. Counted are products with weights and the two
    products of attention. Additions, activations, normalizations, pooling, look-ups,
    and computing a weight from what a kernel stores are not.

    A layer type of your own is given its rule with `macs.register`.

    Args:
        layer: A built layer.
        call: The shapes of the call.

    Returns:
        An integer, or None if a size is not known, or the layer type is not known and
        has weights.

    Example:

    >>> class TwiceDense(layers.Dense):
    ...     pass
    >>> @macs.register
    ... def twice(layer: TwiceDense, call):
    ...     return 2 * macs.dispatch(layers.Dense)(layer, call)
    >>> layer = TwiceDense(5)
    >>> layer.build((1, 3))
    >>> macs(layer, Call({"inputs": (1, 3)}, (1, 5)))  # 2 * 3 * 5
    30
    """
    return None if layer.weights else 0


def is_known(layer) -> bool:
    """Returns whether `macs` has a rule for the type of `layer`."""
    return macs.dispatch(type(layer)) is not macs.dispatch(object)


@macs.register
def _dense(layer: layers.Dense, call):
    return product(_cost_by_parts(layer), *call.input[:-1])


@macs.register
def _einsum_dense(layer: layers.EinsumDense, call):
    equation, kernel = layer.equation.split("->")[0].split(",")
    left, _, right = equation.partition("...")
    shared = "." * (len(call.input) - len(left) - len(right))
    labels = left + shared + right
    sizes = zip(labels, call.input, strict=True)
    return product(_cost(layer), *(n for label, n in sizes if label not in kernel))


@macs.register(layers.Conv1D)
@macs.register(layers.Conv2D)
@macs.register(layers.Conv3D)
def _convolution(layer, call):
    cost = _cost_by_parts(layer) if layer.groups == 1 else _cost(layer)
    return product(cost, *_positions(layer, call.output))


@macs.register(layers.DepthwiseConv1D)
@macs.register(layers.DepthwiseConv2D)
def _depthwise_convolution(layer, call):
    return product(_cost(layer), *_positions(layer, call.output))


@macs.register(layers.SeparableConv1D)
@macs.register(layers.SeparableConv2D)
def _separable_convolution(layer, call):
    cost = _cost(layer, "depthwise_kernel") + _cost(layer, "pointwise_kernel")
    return product(cost, *_positions(layer, call.output))


@macs.register(layers.Conv1DTranspose)
@macs.register(layers.Conv2DTranspose)
@macs.register(layers.Conv3DTranspose)
def _transposed_convolution(layer, call):
    # Each input position is multiplied by the whole kernel and scattered.
    return product(_cost(layer), *_positions(layer, call.input))


@macs.register
def _recurrent(layer: layers.RNN, call):
    cells = getattr(layer.cell, "cells", [layer.cell])
    known = (layers.SimpleRNNCell, layers.LSTMCell, layers.GRUCell)
    if not all(isinstance(cell, known) for cell in cells):
        return None
    cost = sum(_cost(cell) + _cost(cell, "recurrent_kernel") for cell in cells)
    batch, steps = call.input[:2]
    return product(cost, batch, steps)


@macs.register
def _bidirectional(layer: layers.Bidirectional, call):
    # By formula: on some devices Keras fuses both directions and calls neither.
    return plus(macs(layer.forward_layer, call), macs(layer.backward_layer, call))


@macs.register(layers.MultiHeadAttention)
def _attention(layer, call):
    mixed = layer.num_heads * (layer.key_dim + layer.value_dim)
    return _projections_and_scores(layer, call, mixed)


@macs.register(layers.GroupQueryAttention)
def _group_query_attention(layer, call):
    mixed = 2 * layer.num_query_heads * layer.head_dim
    return _projections_and_scores(layer, call, mixed)


@macs.register(layers.Embedding)
@macs.register(layers.BatchNormalization)
@macs.register(layers.GroupNormalization)
@macs.register(layers.LayerNormalization)
@macs.register(layers.Normalization)
@macs.register(layers.PReLU)
@macs.register(layers.RMSNormalization)
def _elementwise(layer, call):
    return 0


def _projections_and_scores(layer, call, mixed):
    """Products with weights, then `mixed` for each pair of a query and a value."""
    query, value = call.arguments["query"], call.arguments["value"]
    inputs = {"key": call.arguments.get("key") or value, "value": value}
    projections = (
        product(_cost(part), *inputs.get(part.name, query)[:-1])
        for part in sublayers(layer)
        if isinstance(part, layers.EinsumDense)
    )
    axes = layer.get_config().get("attention_axes") or range(1, len(query) - 1)
    axes = (axes,) if isinstance(axes, int) else axes
    scores = product(mixed, *query[:-1], *(value[axis] for axis in axes))
    return plus(*projections, scores)


def _cost(layer, name="kernel"):
    """Multiply-accumulates of one application of the whole weight `name`."""
    # Asked of the kernel where there is one: reading the weight would compute it.
    return math.prod((_kernel(layer, name) or getattr(layer, name)).shape)


def _cost_by_parts(layer):
    """The same, where the layer leaves it to its kernel how to apply itself."""
    kernel = _kernel(layer, "kernel")
    return _cost(layer) if kernel is None else kernel.macs()


def _kernel(layer, name):
    kernel = getattr(layer, "kernels", {}).get(name)
    return kernel if isinstance(kernel, Kernel) else None


def _positions(layer, shape):
    """The sizes of `shape`, batch included, but not that of the channels."""
    channels = len(shape) - 1 if layer.data_format == "channels_last" else 1
    return [size for axis, size in enumerate(shape) if axis != channels]


def product(*factors):
    """Returns the product, or None if a factor is not known."""
    return None if None in factors else math.prod(factors)


def plus(*terms):
    """Returns the sum, or None if a term is not known."""
    return None if None in terms else sum(terms)
