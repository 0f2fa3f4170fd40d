"""A deeper model with the same outputs."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.conversion.clone import clone
from tfcompress.surgery.graph import read

LAYERS = keras.layers
CONVOLUTIONS = {3: LAYERS.Conv1D, 4: LAYERS.Conv2D, 5: LAYERS.Conv3D}
# Only these leave what they have given as it is.
IDEMPOTENT = (keras.activations.relu, keras.activations.relu6, keras.activations.linear)
# The layers among them, by their `max_value`.
RELUS = {None: keras.activations.relu, 6: keras.activations.relu6}


def deepen(model, layer, *, kernel_size=3, name=None) -> keras.Model:
    r"""Returns a deeper ordinary model with the same outputs.

    After `layer` comes a new one of its activation that is the identity: a `Dense` with
    the identity matrix, or after a convolution one whose kernel is 1 in its middle.
    That is exact for an activation with $\phi(\phi(x)) = \phi(x)$: `relu`, `relu6`, or
    none, where the new layer learns more only once it is given an activation.

    Args:
        model: A built Sequential or Functional `keras.Model`; it is left as it was.
        layer: The name of a layer that is called once and gives `(batch, units)` or,
            channels last, feature maps: `Dense`, a convolution, or its activation.
            Where a normalization stands between the two, name the activation.
        kernel_size: Positive integer, of the new convolution.
        name: Name of the new layer; None for that of `layer` and `"_deeper"`.

    Returns:
        A `keras.Model`, not compiled.

    Raises:
        ValueError: If `model` is subclassed or not built, has no such layer, or calls
            it several times, or if its activation is another, or the name is taken.

    Example:

    >>> model = keras.Sequential([keras.Input((4,)),
    ...     keras.layers.Dense(3, "relu", name="hidden"), keras.layers.Dense(2)])
    >>> deep = tfc.surgery.deepen(model, "hidden")
    >>> [layer.name for layer in deep.layers][:2]
    ['hidden', 'hidden_deeper']
    >>> x = np.eye(4)
    >>> bool(np.allclose(deep.predict(x, verbose=0), model.predict(x, verbose=0)))
    True

    References:
        - [Chen et al., 2015](https://arxiv.org/abs/1511.05641)
    """
    read(model)  # refuses a model without a graph
    kernel_size = _checks.integer("kernel_size", kernel_size)
    layers = {one.name: one for one in model.layers}
    old = layers[_checks.choice("layer", layer, list(layers))]
    name = f"{layer}_deeper" if name is None else name
    _checks.instance("name", name, str, "a name of a layer")
    if not name or "/" in name or name in layers:
        raise _checks.error("name", "be one that no layer has, without `/`", name)
    _check_calls(model, layer)
    new = _identity(old, kernel_size, name)
    if isinstance(model, keras.Sequential):
        copy = clone(model, lambda one: None)
        place = list(layers).index(layer) + 1
        chain = [copy.inputs[0], *copy.layers[:place], new, *copy.layers[place:]]
        deep = keras.Sequential(chain, name=model.name)
    else:
        deep = clone(model, lambda one: None, call=_followed(layer, new))
    _fill(new)
    return deep


def _followed(name, new):
    def call(layer, *args, **kwargs):
        made = layer(*args, **kwargs)
        return new(made) if layer.name == name else made

    return call


def _check_calls(model, name):
    calls = [call for call in read(model).calls if call.layer.name == name]
    if len(calls) != 1:
        raise _checks.error("layer", "be called once, and not be a model", name)


def _identity(layer, kernel_size, name):
    shape = tuple(layer.output.shape)
    activation = _activation(layer)
    options = {"activation": activation, "name": name, "dtype": layer.dtype_policy}
    if len(shape) == 2 or type(layer) in (LAYERS.Dense, LAYERS.EinsumDense):
        new = LAYERS.Dense(shape[-1], **options)
    elif len(shape) in CONVOLUTIONS:
        convolution = CONVOLUTIONS[len(shape)]
        new = convolution(shape[-1], kernel_size, padding="same", **options)
    else:
        raise _checks.error("layer", "give units or feature maps", layer.name)
    if getattr(layer, "data_format", "channels_last") != "channels_last":
        raise _checks.error("layer", "have its channels last", layer.name)
    new.build(shape)
    return new


def _activation(layer):
    known = isinstance(layer, LAYERS.ReLU) and not layer.negative_slope
    if known and not layer.threshold and layer.max_value in RELUS:
        return RELUS[layer.max_value]
    activation = getattr(layer, "activation", None)
    return activation if activation in IDEMPOTENT else _refuse(layer)


def _refuse(layer):
    rule = "have an activation that changes nothing twice: `relu`, `relu6` or linear"
    raise _checks.error("layer", rule, layer.name)


def _fill(new):
    kernel = np.zeros(new.kernel.shape, "float32")
    middle = tuple((size - 1) // 2 for size in kernel.shape[:-2])
    kernel[middle] = np.eye(kernel.shape[-1])
    new.kernel.assign(kernel)
