"""A network of signs that runs by XNOR and a count of bits."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.kernels.binary import Binary
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.runtime.sign_bits import pack_signs
from tfcompress.runtime.sign_matrix import SignMatrix


class XnorModel:
    r"""A `Sequential` model whose binary dense layers run on bits, on the CPU.

    In a `BinaryDense` layer with `binarize_inputs` the weights and the inputs are packed
    into bits, and $x \cdot w = n - 2\,\mathrm{popcount}(x \oplus w)$. Its scales, bias
    and activation, and all other layers, are computed in float32 as they are; a
    batch normalization is a multiplication and an addition. It is fast with numba
    (`pip install tfcompress[xnor]`); without, only one example at a time gains.

    Args:
        model: A built `keras.Sequential` of `Dense`, `BinaryDense`,
            `BatchNormalization` (of the last axis), `Activation`, `ReLU`, `Flatten` and
            `Dropout` layers.

    Raises:
        TypeError: If `model` is not Sequential.
        ValueError: If it has other layers, or no binary layer with binary inputs.

    Example:

    >>> first = keras.layers.Dense(64)
    >>> last = tfc.layers.BinaryDense(10, binarize_inputs="clipped")
    >>> model = keras.Sequential([keras.Input((20,)), first, last])
    >>> x = np.random.default_rng(0).normal(size=(5, 20)).astype("float32")
    >>> fast = tfc.runtime.XnorModel(model)
    >>> bool(np.allclose(fast.predict(x), model(x), atol=1e-4))
    True

    References:
        - [Courbariaux et al., 2016](https://arxiv.org/abs/1602.02830)
    """

    def __init__(self, model):
        kind = "a `keras.Sequential`"
        _checks.instance("model", model, keras.Sequential, kind)
        if not model.built:
            raise _checks.error("model", "be built", model.name)
        self._input_shape = model.input_shape
        self._steps = [step for layer in model.layers for step in _steps(layer)]
        if not any(isinstance(step, BinaryStep) for step in self._steps):
            rule = "have a BinaryDense layer with `binarize_inputs`"
            raise _checks.error("model", rule, model.name)

    def predict(self, x, batch_size=None, verbose=0):
        """Returns the outputs for all examples of `x`, as Keras's `predict` does.

        Args:
            x: Array of finite numbers, of the shape that the model takes.
            batch_size: As Keras has it; all examples are computed at once.
            verbose: As Keras has it; nothing is ever printed.

        Raises:
            ValueError: If `x` is something else.
        """
        if batch_size is not None:
            _checks.integer("batch_size", batch_size)
        try:
            x = np.asarray(x, "float32")
        except (TypeError, ValueError) as fault:
            rule = f"be an array of numbers ({fault})"
            raise _checks.error("x", rule, type(x).__name__) from fault
        wanted = self._input_shape
        if x.ndim != len(wanted) or not len(x) or not _fits(x.shape, wanted):
            rule = f"have shape {wanted}, with an example at least"
            raise _checks.error("x", rule, x.shape)
        if not np.isfinite(x).all():  # NaN has no sign, but would be given one
            raise _checks.error("x", "hold finite numbers only", x.shape)
        for step in self._steps:
            x = step(x)
        return x


class BinaryStep:
    """A binary dense layer with its weights packed."""

    def __init__(self, layer):
        kernel = layer.kernels["kernel"]
        codes = kernel.codes()
        if codes is None:
            rule = f"be hardened: {layer.name!r} is in the first of its two stages"
            raise _checks.error("model", rule, layer.name)
        self.matrix = SignMatrix(codes.values)
        self.scale = None if kernel.scale is None else codes.scale
        self.input_scale = kernel.input_scale
        self.bias = _array(layer.bias) if layer.use_bias else None

    def __call__(self, x):
        rows = x.reshape(-1, self.matrix.inputs)
        y = self.matrix.product(pack_signs(rows))
        if self.scale is not None:
            y *= self.scale
        if self.input_scale:
            y *= np.abs(rows).mean(axis=1, keepdims=True)
        if self.bias is not None:
            y += self.bias
        return y.reshape(*x.shape[:-1], self.matrix.units)


def _fits(shape, wanted):
    return all(b is None or a == b for a, b in zip(shape[1:], wanted[1:], strict=True))


def _steps(layer):
    """Returns what `layer` does, as functions of arrays."""
    kind = type(layer)
    if kind in (keras.layers.InputLayer, keras.layers.Dropout):
        return []
    if kind is keras.layers.Flatten:
        return [lambda x: x.reshape(len(x), -1)]
    if kind is keras.layers.ReLU and not (layer.negative_slope or layer.threshold):
        return [lambda x: np.clip(x, 0, layer.max_value)]
    if kind is keras.layers.Activation:
        return _activation(layer.activation)
    if kind is keras.layers.BatchNormalization:
        return [_normalization(layer)]
    if isinstance(layer, keras.layers.Dense):
        own = layer.kernels["kernel"] if isinstance(layer, CompressedDense) else None
        if isinstance(own, Binary) and own.binarize_inputs is not None:
            return [BinaryStep(layer), *_activation(layer.activation)]
        rounded = [lambda x: _array(own.prepare(x))] if own and own.prepares else []
        return [*rounded, _dense(layer), *_activation(layer.activation)]
    rule = "have dense layers, normalization and activations only"
    raise _checks.error("model", rule, f"{kind.__name__} {layer.name!r}")


def _dense(layer):
    weight, bias = _array(layer.kernel), _array(layer.bias) if layer.use_bias else 0
    return lambda x: x @ weight + bias


def _normalization(layer):
    if layer.axis not in (-1, layer.input_spec.ndim - 1):
        raise _checks.error("model", "normalize the last axis", layer.name)
    mean, variance = _array(layer.moving_mean), _array(layer.moving_variance)
    factor = 1 / np.sqrt(variance + layer.epsilon)
    factor = factor * (_array(layer.gamma) if layer.scale else 1)
    shift = (_array(layer.beta) if layer.center else 0) - mean * factor
    return lambda x: x * factor + shift


def _activation(activation):
    if activation is keras.activations.linear:
        return []
    if activation is keras.activations.relu:
        return [lambda x: np.maximum(x, 0)]
    return [lambda x: _array(activation(x))]


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor).astype("float32")
