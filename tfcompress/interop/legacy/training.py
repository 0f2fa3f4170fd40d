"""Training with tensorflow-model-optimization, and its wrappers taken off."""

import re


def clustered(model, data, *, number_of_clusters, start, seed, **fitting):
    """Returns `model`, trained with so many different values in each weight.

    Args:
        model: A legacy model.
        data: Its inputs `"0"`, `"1"`, ... and the targets `"y"`.
        number_of_clusters: How many.
        start: Name of a `CentroidInitialization`.
        seed: An integer, or None.
        **fitting: See `_fit`.
    """
    import tensorflow_model_optimization as tfmot

    _seed(seed)
    keras = tfmot.clustering.keras
    wrapped = keras.cluster_weights(
        model,
        number_of_clusters=number_of_clusters,
        cluster_centroids_init=getattr(keras.CentroidInitialization, start),
    )
    _fit(wrapped, data, **fitting)
    return keras.strip_clustering(wrapped)


def quantized(model, data, *, seed, **fitting):
    """Returns `model`, in wrappers, trained as one of eight bits."""
    import tensorflow_model_optimization as tfmot

    _seed(seed)
    _use_up_names(model)
    wrapped = tfmot.quantization.keras.quantize_model(model)
    _fit(wrapped, data, **fitting)
    return wrapped


def stripped(model):
    """Returns `model` without the wrappers of pruning and clustering, if it has some."""
    import tensorflow_model_optimization as tfmot

    kinds = {type(layer).__name__ for layer in _every_layer(model)}
    if "PruneLowMagnitude" in kinds:
        model = tfmot.sparsity.keras.strip_pruning(model)
    if any(kind.startswith("ClusterWeights") for kind in kinds):
        model = tfmot.clustering.keras.strip_clustering(model)
    return model


def _every_layer(model):
    for layer in model.layers:
        yield layer
        if hasattr(layer, "layers"):
            yield from _every_layer(layer)


def _use_up_names(model):
    """Makes legacy Keras count on from the layers of `model`, which it has not named.

    Of a separable convolution tfmot makes two others, and names them by that count.
    """
    import tensorflow as tf

    for kind, name in (("Conv2D", "conv2d"), ("DepthwiseConv2D", "depthwise_conv2d")):
        taken = [re.fullmatch(rf"{name}_?(\d*)", layer.name) for layer in model.layers]
        numbers = [int(match[1] or 0) + 1 for match in taken if match]
        for _ in range(max(numbers, default=0)):
            getattr(tf.keras.layers, kind)(1, 1)


def _seed(seed):
    import tensorflow as tf

    if seed is not None:
        tf.keras.utils.set_random_seed(seed)


def _fit(model, data, *, optimizer, learning_rate, loss, epochs, batch_size):
    import tensorflow as tf

    x = [data[str(i)] for i in range(len(data) - 1)]
    config = {"class_name": optimizer, "config": {"learning_rate": learning_rate}}
    if isinstance(loss, dict):
        loss = getattr(tf.keras.losses, loss["class_name"])(**loss["config"])
    model.compile(tf.keras.optimizers.deserialize(config), loss)
    inputs = tf.nest.pack_sequence_as(model.input, x)
    model.fit(inputs, data["y"], batch_size, epochs, verbose=0)
