"""tensorflow-model-optimization, as its guides show it.

Its files are written with the options of the converter that they do not show, too.
"""

import tensorflow as tf
import tensorflow_model_optimization as tfmot
import tf_keras
import user
from networks import hidden_dense
from tensorflow_model_optimization.python.core.quantization.keras.collab_opts.prune_preserve import (  # noqa: E501
    default_8bit_prune_preserve_quantize_scheme as scheme,
)

DEFAULT, SPARSE = tf.lite.Optimize.DEFAULT, tf.lite.Optimize.EXPERIMENTAL_SPARSITY
PLAIN = {"float32": [], "int8": [DEFAULT]}
sparsity, clustering = tfmot.sparsity.keras, tfmot.clustering.keras
quantization = tfmot.quantization.keras


class User(user.User):
    keras = tf_keras

    def __init__(self, **options):
        super().__init__(**options)
        self.ramp_end = max(int(0.6 * self.after * len(self.x) // user.BATCH), 1)

    def export(self, model, title, formats):
        """Returns files by title, one for each list of flags."""
        paths = {}
        for name, flags in formats.items():
            converter = tf.lite.TFLiteConverter.from_keras_model(model)
            converter.optimizations = flags
            if name == "sparse float16":
                converter.target_spec.supported_types = [tf.float16]
            path = self.path(f"tfmot {title} {name}.tflite")
            path.write_bytes(converter.convert())
            paths[f"tfmot {title}: {name}"] = path
        return paths


def plain(user):
    """The trained network as TensorFlow Lite writes it."""
    model = user.model()
    return dict(
        zip(
            ("float32", "TensorFlow Lite, int8"),
            user.export(model, "plain", PLAIN).values(),
            strict=True,
        )
    )


def prune(user):
    model = pruned(user)
    halves = {"sparse": [SPARSE], "sparse float16": [SPARSE, DEFAULT]}
    return user.export(model, "prune", {**PLAIN, **halves})


def pruned(user):
    ramp = sparsity.PolynomialDecay(0.0, 0.9, 0, user.ramp_end, frequency=20)
    model = sparsity.prune_low_magnitude(user.model(), ramp)
    user.fit(model, callbacks=[sparsity.UpdatePruningStep()])
    return sparsity.strip_pruning(model)


def blocks(user):
    """Four inputs in a row are one block: its kernel has the inputs first."""

    def wrapped(layer):
        if layer.name in hidden_dense(user.network):
            return sparsity.prune_low_magnitude(layer, ramp, block_size=(4, 1))
        return layer

    ramp = sparsity.PolynomialDecay(0.0, 0.9, 0, user.ramp_end, frequency=20)
    model = tf_keras.models.clone_model(user.model(), clone_function=wrapped)
    user.fit(model, callbacks=[sparsity.UpdatePruningStep()])
    model = sparsity.strip_pruning(model)
    # With float16 it would be wrong without an error.
    return user.export(model, "blocks", {**PLAIN, "sparse": [SPARSE]})


def cluster(user):
    start = clustering.CentroidInitialization.KMEANS_PLUS_PLUS
    model = clustering.cluster_weights(
        user.model(), number_of_clusters=16, cluster_centroids_init=start
    )
    user.fit(model, rate=1e-4)  # the low rate that its guide asks for
    model = clustering.strip_clustering(model)
    return user.export(model, "cluster", PLAIN)


def quantize(user):
    model = quantization.quantize_model(user.model())
    user.fit(model)
    return user.export(model, "quantize", {"int8": [DEFAULT]})


def prune_and_quantize(user):
    annotated = quantization.quantize_annotate_model(pruned(user))
    model = quantization.quantize_apply(
        annotated, scheme.Default8BitPrunePreserveQuantizeScheme()
    )
    user.fit(model)
    return user.export(model, "prune, quantize", {"int8": [DEFAULT]})


ROUTES = {
    "plain": plain,
    "prune": prune,
    "blocks": blocks,
    "cluster": cluster,
    "quantize": quantize,
    "prune, quantize": prune_and_quantize,
}
