"""What batch normalization remembers of the data, measured anew."""

import keras

from tfcompress.sublayers import every_layer

MOST_BATCHES = 50
DROPOUTS = (
    keras.layers.AlphaDropout,
    keras.layers.Dropout,
    keras.layers.GaussianDropout,
)


def settle(model: keras.Model, x, batch_size: int) -> None:
    r"""Sets the moving statistics of `model` to the means over batches of `x`.

    A moving average forgets by its momentum m: after n steps

    $$ m^n $$

    of it, 0.28 for 125 steps and Keras's 0.99, still belong to the network as it was
    before it was compressed. Nothing is trained; dropout holds still.

    Args:
        model: A built model; without batch normalization nothing happens.
        x: Examples, as `model` takes them; at most 50 batches of them are seen.
        batch_size: Examples in a batch.
    """
    layers = every_layer(model)
    norms = [one for one in layers if isinstance(one, keras.layers.BatchNormalization)]
    norms = [norm for norm in norms if norm.trainable]
    if not norms:
        return
    drops = [one for one in layers if isinstance(one, DROPOUTS)]
    momenta, rates = [n.momentum for n in norms], [d.rate for d in drops]
    count = min(MOST_BATCHES, len(keras.tree.flatten(x)[0]) // batch_size or 1)
    try:
        for drop in drops:
            drop.rate = 0
        for number in range(count):
            for norm in norms:
                norm.momentum = number / (number + 1)  # the mean of all so far
            begin = number * batch_size
            batch = keras.tree.map_structure(
                lambda part, begin=begin: part[begin : begin + batch_size], x
            )
            model(batch, training=True)
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
        for drop, rate in zip(drops, rates, strict=True):
            drop.rate = rate
