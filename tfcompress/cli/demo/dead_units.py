"""Taking units without effect out of a chain of dense layers."""

import keras
import numpy as np

Dense = keras.layers.Dense


def without_dead_units(model) -> keras.Model:
    """Returns the chain of plain dense layers that computes what `model` does.

    A unit that nothing goes into gives a constant, which the next layer's biases can
    hold; a unit that nothing comes out of gives nothing.

    Args:
        model: A `keras.Sequential` of dense layers of any kind, after others that have
            no weights.
    """
    dense = [layer for layer in model.layers if isinstance(layer, Dense)]
    weights = [[np.array(w) for w in layer.get_weights()] for layer in dense]
    for layer, this, after in zip(dense, weights, weights[1:], strict=False):
        constant = ~this[0].any(axis=0)
        alive = ~constant & after[0].any(axis=1)
        alive[0] |= not alive.any()  # a layer needs one unit
        gone = constant & ~alive
        value = np.array(layer.activation(this[1]))
        after[1] += value[gone] @ after[0][gone]
        this[0], this[1], after[0] = this[0][:, alive], this[1][alive], after[0][alive]
    before = model.layers[: model.layers.index(dense[0])]
    small = keras.Sequential(
        [
            keras.Input(model.input_shape[1:]),
            *(type(layer).from_config(layer.get_config()) for layer in before),
            *(
                Dense(len(bias), layer.activation, name=layer.name)
                for layer, (_, bias) in zip(dense, weights, strict=True)
            ),
        ]
    )
    small.set_weights([w for pair in weights for w in pair])
    return small
