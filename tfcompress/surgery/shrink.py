"""A smaller model with the same outputs."""

import keras

from tfcompress.surgery.plan import plan


def shrink(
    model,
    *,
    threshold=0.0,
    round_to=1,
    keep=None,
    merge=False,
    approximate=False,
    optimizer=True,
) -> keras.Model:
    r"""Returns a smaller ordinary model, without the units that do nothing.

    A unit (a channel, a filter, a head) does nothing if no weight leads from it to an
    output, or if it gives the same number for all inputs, which then goes into a bias
    of what reads it. Layers whose outputs are added lose the same units. The outputs
    are those of `model`, to rounding; the new model has the same graph, names, dtypes,
    is compiled as `model` is, and is smaller and faster wherever it runs.

    What is *not* gained: single zeros stay, whole units leave. What cannot be cut
    exactly is left whole: what a layer of unknown type reads (`Lambda`, a subclass of
    your own), what `LayerNormalization` normalizes over, inputs and outputs of the
    model. A constant stays where it is not one for its reader: beside the padding of a
    convolution, unless it is zero; in a recurrent layer, whose state needs time.
    `tfc.surgery.plan` tells what stays and why.

    Layers of `tfcompress.layers` that lose units keep a kernel that holds the smaller
    weight exactly (low rank, signs); others (hashed ones) become plain Keras layers,
    which may be larger.

    Args:
        model: A built Sequential or Functional `keras.Model`; it is left as it was.
        threshold: Number `>= 0`. Weights of at most this size count as zero when units
            are judged, so that the outputs change a little. 0 is exact.
        round_to: Positive integer: widths are rounded up to a multiple of it (8 suits
            most processors), with the units that come nearest to being needed; also
            where `keep` names units.
        keep: A mapping from the name of a layer, or a glob (`"block_*"`), to the
            indices of the units that stay, or to the ratio of them, in (0, 1], of
            which those with the largest weights stay. Others leave, whatever they do:
            this is not exact, it is the model with what reads them set to zero.
            `"name/heads"`, `"name/key_dim"` and `"name/value_dim"` are the sizes of an
            attention layer, `"name/forward_layer"` the units of a `Bidirectional`.
        merge: If True, units with identical weights are merged into one.
        approximate: If True, units leave layers that `LayerNormalization` or
            `RMSNormalization` read, too. Not exact: mean and variance are then those
            of the units that stay.
        optimizer: If True, the optimizer of a compiled model goes along with step
            count and moments, so that training goes on without a jump. Not for `Nadam`,
            one number of which Keras hides; `Adafactor` and `Lamb` scale by the norm
            of a whole weight, which changes.

    Returns:
        A `keras.Model`, never the same object.

    Raises:
        ValueError: If `model` is subclassed or not built or has weights that are not
            finite, if `keep` names no layer, or one that cannot be cut, or leaves a
            layer without units, or units that a `Reshape` makes one channel of are not
            kept together.

    Example:

    The first of three units has no incoming weights and gives relu(2) = 2, the last has
    no outgoing ones. One is left, and a bias of 1 + 2 * 5.

    >>> model = keras.Sequential([keras.Input((1,)),
    ...     keras.layers.Dense(3, "relu"), keras.layers.Dense(1)])
    >>> model.set_weights([np.array([[0, 3, 4]]), np.array([2, 0, 1]),
    ...     np.array([[5], [6], [0]]), np.array([1])])
    >>> small = tfc.shrink(model)
    >>> small.count_params(), float(small.layers[-1].bias[0])
    (4, 11.0)
    >>> x = np.array([[0.5], [2.0]])
    >>> bool((small.predict(x, verbose=0) == model.predict(x, verbose=0)).all())
    True
    """
    decided = plan(
        model,
        threshold=threshold,
        round_to=round_to,
        keep=keep,
        merge=merge,
        approximate=approximate,
    )
    return decided.apply(optimizer=optimizer)
