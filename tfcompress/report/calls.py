"""Which calls of which shapes one example makes on the layers of a model."""

import contextlib

import keras
from keras import layers

from tfcompress.report.call import Call
from tfcompress.report.macs import macs, plus, product
from tfcompress.report.parts import parts


def calls(model, inputs=None) -> dict[int, list[Call]]:
    """Returns the calls of each part of `model`, by the part's `id`.

    The model is called once on symbolic tensors, so nothing is computed. This sees
    what the graph of the model does: shared layers, nested models, subclassed models.

    Args:
        model: A built model or layer.
        inputs: Its symbolic input, of a known batch size; that of the model if None.

    Raises:
        ValueError: The model does not know the shape of its input.
    """
    found = {id(part): [] for _, part in parts(model)}
    with contextlib.ExitStack() as stack:
        for _, part in parts(model):
            stack.enter_context(_recorded(part, found[id(part)]))
        probe = _Probe(model)
        probe.compute_output_spec(symbolic_input(model) if inputs is None else inputs)
    return found


def macs_per_example(model) -> dict[int, int | None]:
    """Returns the multiply-accumulates of each part of `model`, by the part's `id`.

    None where they are not known. A part that has weights and was not called is not
    known: something may read its weights without a call.
    """
    inputs = symbolic_input(model)
    batch = keras.tree.flatten(inputs)[0].shape[0]
    made = calls(model, inputs)
    costs = {}
    for _, part in parts(model):
        cost = plus(*(_macs(part, call) for call in made[id(part)]))
        silent = part.weights and not made[id(part)]
        costs[id(part)] = None if silent or cost is None else cost // batch
    return costs


def symbolic_input(model):
    """Returns the input of `model`, symbolic, as one example where it is free."""
    tensors = getattr(model, "inputs", None)
    if tensors is None:
        shape = (model.get_build_config() or {}).get("input_shape")
        known = isinstance(shape, (tuple, list)) and shape and not _nested(shape)
        if not known:
            raise ValueError(
                f"Model {model.name!r} does not know the shape of its input: it is "
                "neither Sequential nor functional, and was not built on one tensor."
            )
        tensors = structure = keras.KerasTensor((None, *shape[1:]))
    else:
        one = isinstance(model, keras.Sequential)
        structure = tensors[0] if one else model.input
    return keras.tree.map_structure(_one_example, structure)


@macs.register
def _time_distributed(layer: layers.TimeDistributed, call):
    batch, steps, *sizes = call.input
    if batch is None:
        return None
    inner = layer.layer
    step = keras.KerasTensor((batch, *sizes), dtype=inner.compute_dtype)
    made = calls(inner, step)
    costs = [_macs(part, call) for _, part in parts(inner) for call in made[id(part)]]
    return product(steps, plus(*costs))


class _Probe(layers.Layer):
    """Calls a model; `compute_output_spec` of a layer does so symbolically."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def call(self, inputs):
        return self.model(inputs)


@contextlib.contextmanager
def _recorded(layer, found):
    """Notes the calls of this one `layer` in the list `found`, while it lasts."""
    call = layer.call

    def noting(*args, **kwargs):
        output = call(*args, **kwargs)
        found.append(Call.of(call, args, kwargs, output))
        return output

    layer.call = noting
    try:
        yield
    finally:
        del layer.call


def _macs(part, call):
    return None if call.input is None else macs(part, call)


def _one_example(tensor):
    batch, *sizes = tensor.shape
    return keras.KerasTensor((batch or 1, *sizes), tensor.dtype, tensor.sparse)


def _nested(shape):
    return not all(size is None or isinstance(size, int) for size in shape)
