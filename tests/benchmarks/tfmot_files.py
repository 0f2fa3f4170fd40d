"""Files of tensorflow-model-optimization, made in a process of their own.

Its import switches `tf.keras` to the legacy Keras that it needs, for good. What it does
here is what its guides show, and the options of the converter that they do not show.
"""

import json
import os
import pathlib
import subprocess
import sys

SPARSITY = 0.9


def tfmot_files(route, network, folder, *, epochs, seed):
    """Trains by `route` in a child process; returns the paths of its files by name.

    Args:
        route: `"plain"`, `"prune"`, `"blocks"`, `"cluster"`, `"quantize"` or
            `"prune, quantize"`.
        network: `"lenet_300_100"` or `"lenet_5"`.
        folder: A path where `data.npz` (x, y) and `weights.npz` lie; files go there.
        epochs: Epochs of training.
        seed: Integer.
    """
    order = {
        "route": route,
        "network": network,
        "folder": str(folder),
        "epochs": epochs,
        "seed": seed,
    }
    command = [sys.executable, str(pathlib.Path(__file__)), json.dumps(order)]
    environment = {**os.environ, "TF_USE_LEGACY_KERAS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"tfmot, {route}: {done.stderr[-2000:]}")
    paths = json.loads(done.stdout.splitlines()[-1])
    return {name: pathlib.Path(path) for name, path in paths.items()}


def _serve(route, network, folder, epochs, seed):
    import numpy as np
    import tensorflow as tf
    import tf_keras

    tf_keras.utils.set_random_seed(seed)
    folder = pathlib.Path(folder)
    model = NETWORKS[network]()
    with np.load(folder / "weights.npz") as weights:
        model.set_weights([weights[name] for name in weights.files])
    with np.load(folder / "data.npz") as data:
        x, y = data["x"].astype("float32") / 255, data["y"]
    model = ROUTES[route](model, x, y, epochs)
    default, sparse = tf.lite.Optimize.DEFAULT, tf.lite.Optimize.EXPERIMENTAL_SPARSITY
    options = {"int8": [default]}
    if not route.endswith("quantize"):
        options = {"float32": [], **options}
    if route in ("prune", "blocks"):
        options["sparse"] = [sparse]
    if route == "prune":  # of blocks it would be wrong without an error
        options["sparse float16"] = [sparse, default]
    paths = {}
    for name, flags in options.items():
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
        converter.optimizations = flags
        if name == "sparse float16":
            converter.target_spec.supported_types = [tf.float16]
        paths[name] = str(folder / f"tfmot {route} {name}.tflite")
        pathlib.Path(paths[name]).write_bytes(converter.convert())
    print(json.dumps(paths))


def _plain(model, x, y, epochs):
    return model


def _prune(model, x, y, epochs, block=(1, 1)):
    import tensorflow_model_optimization as tfmot

    sparsity = tfmot.sparsity.keras
    end = int(0.6 * epochs * len(x) // 128)
    ramp = sparsity.PolynomialDecay(0.0, SPARSITY, 0, max(end, 1), frequency=20)
    model = _cloned(
        model,
        lambda layer: (
            sparsity.prune_low_magnitude(layer, ramp, block_size=block)
            if hasattr(layer, "kernel") and (block == (1, 1) or _is_hidden(layer))
            else layer
        ),
    )
    _fit(model, x, y, epochs, callbacks=[sparsity.UpdatePruningStep()])
    return sparsity.strip_pruning(model)


def _is_hidden(layer):
    """Whether it is a dense layer whose units divide by the block, as the last's do not."""
    return layer.kernel.shape.rank == 2 and layer.units > 10


def _blocks(model, x, y, epochs):
    # Its kernel has the inputs first: four inputs in a row are one block.
    return _prune(model, x, y, epochs, block=(4, 1))


def _cluster(model, x, y, epochs):
    import tensorflow_model_optimization as tfmot

    clustering = tfmot.clustering.keras
    start = clustering.CentroidInitialization.KMEANS_PLUS_PLUS
    model = clustering.cluster_weights(
        model, number_of_clusters=16, cluster_centroids_init=start
    )
    _fit(model, x, y, epochs, rate=1e-4)
    return clustering.strip_clustering(model)


def _quantize(model, x, y, epochs):
    import tensorflow_model_optimization as tfmot

    model = tfmot.quantization.keras.quantize_model(model)
    _fit(model, x, y, epochs)
    return model


def _prune_and_quantize(model, x, y, epochs):
    import tensorflow_model_optimization as tfmot
    from tensorflow_model_optimization.python.core.quantization.keras.collab_opts.prune_preserve import (  # noqa: E501
        default_8bit_prune_preserve_quantize_scheme as scheme,
    )

    quantization = tfmot.quantization.keras
    annotated = quantization.quantize_annotate_model(_prune(model, x, y, epochs))
    model = quantization.quantize_apply(
        annotated, scheme.Default8BitPrunePreserveQuantizeScheme()
    )
    _fit(model, x, y, epochs)
    return model


def _fit(model, x, y, epochs, rate=1e-3, callbacks=()):
    import tf_keras

    loss = tf_keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(tf_keras.optimizers.Adam(rate), loss)
    callbacks = list(callbacks)
    model.fit(x, y, batch_size=128, epochs=epochs, verbose=0, callbacks=callbacks)


def _cloned(model, change):
    """Returns a copy of `model` with its layers as `change` makes them."""
    import tf_keras

    weights = iter(model.get_weights())
    clone = tf_keras.models.clone_model(model, clone_function=change)
    for layer in clone.layers:
        inner = getattr(layer, "layer", layer)
        for variable in (getattr(inner, "kernel", None), getattr(inner, "bias", None)):
            if variable is not None:
                variable.assign(next(weights))
    return clone


def _lenet_300_100():
    from tf_keras import layers

    return _sequential(
        layers.Flatten(),
        layers.Dense(300, "relu"),
        layers.Dense(100, "relu"),
        layers.Dense(10),
    )


def _lenet_5():
    from tf_keras import layers

    return _sequential(
        layers.Conv2D(20, 5),
        layers.MaxPooling2D(),
        layers.Conv2D(50, 5),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(500, "relu"),
        layers.Dense(10),
    )


def _sequential(*layers):
    import tf_keras

    return tf_keras.Sequential([tf_keras.Input((28, 28, 1)), *layers])


NETWORKS = {"lenet_300_100": _lenet_300_100, "lenet_5": _lenet_5}
ROUTES = {
    "plain": _plain,
    "prune": _prune,
    "blocks": _blocks,
    "cluster": _cluster,
    "quantize": _quantize,
    "prune, quantize": _prune_and_quantize,
}

if __name__ == "__main__":
    _serve(**json.loads(sys.argv[1]))
