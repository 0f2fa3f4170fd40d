"""Weights of few different values, by tensorflow-model-optimization."""

from tfcompress import _checks
from tfcompress.conversion.clone import clone
from tfcompress.interop import keras_3_config
from tfcompress.interop.legacy_keras import LegacyKeras
from tfcompress.interop.same_outputs import greatest_error
from tfcompress.interop.tfmot.fitting import Fitting
from tfcompress.interop.weights import assign, collect
from tfcompress.stateless import refuse_stateful

# Where the values begin, as `tfcompress.kernels.Clustered` has it -> their names there.
STARTS = {
    "linear": "LINEAR",
    "density": "DENSITY_BASED",
    "kmeans": "KMEANS_PLUS_PLUS",
    "random": "RANDOM",
}


def cluster(
    model,
    data,
    *,
    number_of_clusters=16,
    start="kmeans",
    loss=None,
    optimizer="adam",
    learning_rate=1e-4,
    epochs=1,
    batch_size=32,
    seed=None,
    time_limit=3600.0,
):
    """Returns `model` with few different values in each weight, trained by tfmot.

    `tfmot.clustering.keras.cluster_weights` trains the model in a process of its own,
    where each step chooses anew which value a weight has (`tfcompress.kernels.Clustered`
    chooses once, and trains the values). What comes back are plain layers: same graph,
    same names. Kernels and embeddings are clustered; biases, depthwise kernels and
    normalizations are not.

    Not gained: a smaller `.keras` or TFLite file. The archive of `tfcompress.export.pack`
    makes use of the few values. Training takes several times as long as without, here
    on the CPU.

    Args:
        model: A built Sequential or Functional model with one output, as `to_tf_keras`
            takes it; it is left as it was, and should be trained already.
        data: A pair `(x, y)` of arrays; `x` a list or a dictionary of them where the
            model takes that.
        number_of_clusters: How many values a weight may have, at least 2.
        start: Where they begin: `"linear"`, `"density"`, `"kmeans"` or `"random"`.
        loss: Name of a loss, or a loss of Keras. None: that which `model` is compiled
            with.
        optimizer: Name of an optimizer.
        learning_rate: Its step. A low one: the choice should settle.
        epochs: Passes through the data.
        batch_size: Examples in a step.
        seed: An integer, for the same result again.
        time_limit: Seconds for each step in the other process, training among them.

    Raises:
        TypeError: If `model` is not a Keras model, or `loss` or `optimizer` is of
            another kind.
        ValueError: If the model holds what legacy Keras does not have or tfmot does not
            cluster, if `data` does not fit, or if training takes too long.

    References:
        - [Weight clustering in TensorFlow
          ](https://www.tensorflow.org/model_optimization/guide/clustering)
    """
    graph = keras_3_config.read(model)
    refuse_stateful(model)
    fitting = Fitting.of(
        model, data, loss, optimizer, learning_rate, epochs, batch_size, seed
    )
    options = {
        "number_of_clusters": _checks.integer(
            "number_of_clusters", number_of_clusters, low=2
        ),
        "start": STARTS[_checks.choice("start", start, tuple(STARTS))],
    }
    made = clone(model, lambda layer: None)
    with LegacyKeras(time_limit) as legacy:
        legacy.build(graph, collect(graph, model))
        legacy.train("cluster", fitting.x, fitting.y, **options, **fitting.options)
        legacy.do("describe")
        assign(graph, made, legacy.read("weights"))
        greatest_error(made, legacy, fitting.some)
    return made
