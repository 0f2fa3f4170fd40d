"""Pruning of a trained model, layer by layer, by a convex programme."""

import contextlib

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.examples import examples
from tfcompress.finite_weights import check_finite
from tfcompress.ops.net_trim import discrepancy, net_trim_layer
from tfcompress.sublayers import every_layer


def net_trim(model, x, *, epsilon=0.1, which=None, batch_size=32):
    r"""Makes the dense layers of a trained model sparse, without labels or training.

    For each layer the weights of least $\lVert W \rVert_1$ are sought under which, on
    the inputs that it gets for `x`, its outputs change by no more than `epsilon` of
    their norm (`tfcompress.ops.net_trim`). Each layer is solved by itself on its
    original inputs. Of a layer followed by ReLU only the positive outputs must be met;
    of any other it is the outputs before the activation. Biases take part, and are
    not penalised.

    The kernels are changed in place. How sparse they become is found, not given. The
    zeros are for a smaller file, not a faster model. Train on with
    `PruneLowMagnitude(Constant(0))`, which keeps the zeros, to regain accuracy.

    Args:
        model: A built `keras.Model`.
        x: Inputs of the model, as arrays, without labels: a few hundred samples, more
            than the widest layer has inputs.
        epsilon: Float in (0, 1), the change allowed of each layer's outputs, relative
            to their Frobenius norm.
        which: Name, or list of names, of `Dense` layers; None for all.
        batch_size: Integer, samples that go through the model at once.

    Returns:
        Dict: name of a layer -> dict of its `sparsity` and its `discrepancy`, the
        change that was reached.

    Raises:
        ValueError: If an argument is outside its range, there is no such layer, or
            `model` or `x` hold what is not finite.

    Example: two inputs are the same, and one of them is enough.

    >>> dense = keras.layers.Dense(4)
    >>> model = keras.Sequential([keras.Input((2,)), dense])
    >>> x = np.random.default_rng(0).normal(size=(50, 1)) * [[1.0, 0.5]]
    >>> found = tfc.net_trim(model, x, epsilon=0.01)
    >>> found[dense.name]["sparsity"]
    0.5

    References:
        - [Aghasi et al., 2016](https://arxiv.org/abs/1611.05162)
    """
    _checks.instance("model", model, keras.Model, "a `keras.Model`")
    if not model.built:
        remedy = "Call it on a batch, or start it with `keras.Input`."
        raise _checks.error("model", "be built", model.name, remedy=remedy)
    check_finite("model", model)
    limits = {"low": 0, "high": 1, "open_low": True, "open_high": True}
    epsilon = _checks.number("epsilon", epsilon, **limits)
    batch_size = _checks.integer("batch_size", batch_size)
    layers = _dense_layers(model, which)
    x = examples("x", x, model)
    inputs = _inputs_of(model, layers, x, batch_size)
    return {layer.name: _trim(layer, inputs[id(layer)], epsilon) for layer in layers}


def _dense_layers(model, which):
    layers = every_layer(model)
    # Of this class alone: what a compressed layer multiplies with, it computes.
    found = {one.name: one for one in layers if type(one) is keras.layers.Dense}
    if which is None and not found:
        raise _checks.error("model", "have `keras.layers.Dense` layers", model.name)
    names = sorted(found) if which is None else _checks.names("which", which)
    if not set(names) <= set(found):
        remedy = f"The model has {', '.join(sorted(found)) or 'none'}."
        rule = "name `keras.layers.Dense` layers"
        raise _checks.error("which", rule, which, remedy=remedy)
    return [found[name] for name in names]


def _inputs_of(model, layers, x, batch_size):
    """Returns the inputs that each layer gets for `x`, as one matrix for each."""
    seen = {id(layer): [] for layer in layers}
    with contextlib.ExitStack() as stack:
        for layer in layers:
            stack.enter_context(_watched(layer, seen[id(layer)]))
        samples = len(keras.tree.flatten(x)[0])
        for start in range(0, samples, batch_size):
            batch = slice(start, start + batch_size)
            # Not by `predict`: its compiled step would have no values to see.
            model(keras.tree.map_structure(lambda a: a[batch], x))  # noqa: B023
    return {key: np.concatenate(parts) for key, parts in seen.items()}


@contextlib.contextmanager
def _watched(layer, seen):
    call = layer.call

    def watched(inputs, *args, **kwargs):
        values = keras.ops.convert_to_numpy(keras.ops.cast(inputs, "float32"))
        seen.append(values.reshape(-1, values.shape[-1]))
        return call(inputs, *args, **kwargs)

    layer.call = watched
    try:
        yield
    finally:
        layer.call = call


def _trim(layer, inputs, epsilon):
    relu = layer.activation is keras.activations.relu
    kernel = keras.ops.convert_to_numpy(layer.kernel).astype("float32")
    penalised = np.ones(len(kernel), bool)
    weights = kernel
    if layer.use_bias:
        bias = keras.ops.convert_to_numpy(layer.bias).astype("float32")
        weights = np.concatenate([kernel, bias[None]])
        inputs = np.concatenate([inputs, np.ones((len(inputs), 1), "float32")], axis=1)
        penalised = np.append(penalised, False)
    sparse = net_trim_layer(
        inputs, weights, epsilon=epsilon, relu=relu, penalised=penalised
    )
    layer.kernel.assign(sparse[: len(kernel)])
    if layer.use_bias:
        layer.bias.assign(sparse[-1])
    change = discrepancy(inputs, weights, sparse, relu=relu)
    zeros = float(np.mean(sparse[: len(kernel)] == 0))
    return {"sparsity": zeros, "discrepancy": change}
