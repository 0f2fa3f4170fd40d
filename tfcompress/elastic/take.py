"""Taking a small network out of an elastic one."""

import keras

from tfcompress.conversion.clone import clone
from tfcompress.elastic.activate import complete, stages


def take(model: keras.Model, settings: dict | None = None) -> keras.Model:
    """Returns the sub-network with these settings, of plain Keras layers.

    Its outputs are those of `model` after `activate(model, settings)`, with no training
    in between. It has weights of its own. The largest makes the teacher of the others.

    Args:
        model: A Sequential or Functional model with `ElasticStage` layers.
        settings: A mapping from names of these to `Setting`s. The largest for those
            that are not named.

    Raises:
        ValueError: If there is no such stage or setting.

    Example:

    >>> network = tfc.elastic.image_classifier((8, 8, 1), 10, channels=(4,))
    >>> small = tfc.elastic.take(network, {"stage": tfc.elastic.Setting(1, 4, 3)})
    >>> tfc.elastic.take(network).count_params(), small.count_params()
    (3490, 262)
    """
    chosen = complete(model, settings)
    found = stages(model)

    def taken(layer):
        known = found.get(getattr(layer, "name", None)) is layer
        return layer.taken(chosen[layer.name]) if known else None

    return clone(model, taken)
