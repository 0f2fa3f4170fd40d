"""Quantization-aware training by tensorflow-model-optimization."""

from tfcompress.interop import keras_3_config
from tfcompress.interop.legacy_keras import LegacyKeras
from tfcompress.interop.tfmot.described import described
from tfcompress.interop.tfmot.fitting import Fitting
from tfcompress.interop.weights import collect
from tfcompress.stateless import refuse_stateful


def quantize_aware(
    model,
    data,
    *,
    loss=None,
    optimizer="adam",
    learning_rate=1e-4,
    epochs=1,
    batch_size=32,
    seed=None,
    time_limit=3600.0,
):
    """Returns `model`, trained by tfmot as one of eight bits.

    `tfmot.quantization.keras.quantize_model` trains the model in a process of its own.
    What comes back are layers with `tfcompress.kernels.Quantized` kernels, which round
    weights to the very numbers that they have there (of a convolution each output
    channel on a grid of its own, of a dense layer all on one), and inputs to the range
    that was learned for what the layer before puts out. What leaves the model, or goes
    into a sum, is no longer rounded: outputs differ by what that does. A separable
    convolution comes back as the two that it is made of. The model is not compiled.

    `tfcompress.export.to_tflite(..., quantize="kernels")` writes the whole numbers and
    scales as they are.

    `tfcompress.kernels.Quantized` does the same in this process, for more layers, and
    with fewer bits.

    Args:
        model: A built Sequential or Functional model with one output, without models
            in it; it is left as it was. What tfmot has no rounding for (1-D
            convolutions, recurrent layers, embeddings) it refuses.
        data: A pair `(x, y)` of arrays; `x` a list or a dictionary of them where the
            model takes that.
        loss: Name of a loss, or a loss of Keras. None: that which `model` is compiled
            with.
        optimizer: Name of an optimizer.
        learning_rate: Its step.
        epochs: Passes through the data. Ranges follow with a decay of 0.999 from -6 and
            6, so a few steps leave them wide.
        batch_size: Examples in a step.
        seed: An integer, for the same result again.
        time_limit: Seconds for each step in the other process, training among them.

    Raises:
        TypeError: If `model` is not a Keras model, or `loss` or `optimizer` is of
            another kind.
        ValueError: If the model holds what legacy Keras does not have or tfmot does not
            quantize, if `data` does not fit, or if training takes too long.

    References:
        - [Jacob et al., 2017](https://arxiv.org/abs/1712.05877)
    """
    graph = keras_3_config.read(model)
    refuse_stateful(model)
    fitting = Fitting.of(
        model, data, loss, optimizer, learning_rate, epochs, batch_size, seed
    )
    with LegacyKeras(time_limit) as legacy:
        legacy.build(graph, collect(graph, model))
        legacy.train("quantize", fitting.x, fitting.y, **fitting.options)
        return described(legacy, batch=fitting.some)
