"""A small convolutional network with elastic stages."""

import keras

from tfcompress import _checks
from tfcompress.elastic.elastic_stage import ElasticStage


def image_classifier(
    input_shape,
    classes,
    *,
    channels=(16, 32),
    depths=(1, 2),
    expansions=(1, 2, 4),
    kernel_sizes=(3, 5),
) -> keras.Model:
    """Returns a network that gives logits, with an elastic stage for each scale.

    Each stage comes after a convolution that halves height and width; the means of the
    last one's channels go through a dense layer.

    Args:
        input_shape: `(height, width, channels)` of an image.
        classes: Positive integer.
        channels: The channels of each stage.
        depths: The depths that a stage can have.
        expansions: Its widths inside, as multiples of its channels.
        kernel_sizes: Its kernel sizes.

    Raises:
        ValueError: If a size is not a positive integer, or an even kernel.
    """
    sizes = _checks.several("input_shape", input_shape, "height, width and channels")
    if len(sizes) != 3:
        rule = "be the height, width and channels of an image"
        raise _checks.error("input_shape", rule, input_shape)
    sizes = [_checks.integer("input_shape", size) for size in sizes]
    classes = _checks.integer("classes", classes)
    expansions = _checks.several("expansions", expansions, "positive integers")
    x = inputs = keras.Input(sizes)
    for index, width in enumerate(_checks.several("channels", channels, "integers")):
        width = _checks.integer("channels", width)
        x = keras.layers.Conv2D(width, 3, 2, "same", activation="relu")(x)
        x = ElasticStage(
            depths,
            [_checks.integer("expansions", times) * width for times in expansions],
            kernel_sizes,
            name=f"stage_{index}" if index else "stage",
        )(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(classes)(x)
    return keras.Model(inputs, outputs, name="elastic")
