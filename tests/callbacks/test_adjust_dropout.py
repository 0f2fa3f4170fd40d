import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.callbacks.adjust_dropout import AdjustDropout


class Rates(keras.callbacks.Callback):
    def __init__(self):
        self.seen = []

    def on_epoch_begin(self, epoch, logs=None):
        layers_ = [x for x in self.model.layers if isinstance(x, layers.Dropout)]
        self.seen.append([round(layer.rate, 6) for layer in layers_])


def fit(model, *callbacks, **options):
    x, y = np.ones((4, 4)), np.ones((4, 4))
    return model.fit(x, y, verbose=0, callbacks=list(callbacks), **options)


def network(first, second):
    """Two dense layers of 4 x 4, with dropout after each and an activation between."""
    parts = [layers.Dense(4), layers.ReLU(), layers.Dropout(0.5)]
    parts += [layers.Dense(4), layers.Dropout(0.4)]
    model = keras.Sequential([keras.Input((4,)), *parts])
    model.compile("sgd", "mse")
    for layer, kept in ((parts[0], first), (parts[3], second)):
        kernel = np.ravel(np.eye(16)[:kept].sum(0)).reshape(4, 4)
        layer.set_weights([kernel, np.zeros(4)])
    return model


def test_rate_falls_with_the_root_of_the_connections_before_it():
    rates = Rates()

    fit(network(4, 1), AdjustDropout(), rates)

    assert rates.seen == [[0.25, 0.1]]


def test_weight_without_zeros_leaves_the_rate_alone():
    rates = Rates()

    fit(network(16, 16), AdjustDropout(), rates)

    assert rates.seen == [[0.5, 0.4]]


def test_rate_is_put_back_and_does_not_sink_run_by_run():
    model, adjust, rates = network(4, 4), AdjustDropout(), Rates()
    model.optimizer.learning_rate = 0.0

    fit(model, adjust, rates)
    after = [layer.rate for layer in model.layers if hasattr(layer, "rate")]
    fit(model, adjust, rates)

    assert after == [0.5, 0.4]
    assert rates.seen == [[0.25, 0.2]] * 2


def test_compiled_step_follows_the_rate():
    model = network(16, 16)
    model.optimizer.learning_rate = 0.0
    fit(model)  # compiled with the full rate
    kernel = np.zeros((4, 4))
    kernel[0, 0] = 1e-3  # one of 16: a quarter of the rates
    for layer in model.layers[::3]:
        layer.set_weights([kernel, np.ones(4)])

    x, y = np.ones((4000, 4)), np.ones((4000, 4))
    loss = model.fit(x, y, batch_size=4000, verbose=0, callbacks=[AdjustDropout()])

    # Outputs are 1 / 0.9 with chance 0.9 and else 0: their variance is 0.1 / 0.9.
    np.testing.assert_allclose(loss.history["loss"], 0.1 / 0.9, rtol=0.05)


def test_nested_models_are_searched_in_the_order_of_their_layers():
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4), layers.Dropout(0.5)])
    model = keras.Sequential([keras.Input((4,)), inner, layers.Dense(4)])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    inner.layers[0].set_weights([np.eye(4), np.zeros(4)])
    seen = []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: seen.append(inner.layers[1].rate)
    )

    fit(model, AdjustDropout(), watch)

    assert seen == [0.25]


@pytest.mark.parametrize(
    "parts", [[layers.Dense(4)], [layers.Dropout(0.5), layers.Dense(4)]]
)
def test_model_without_dropout_after_a_kernel_is_refused(parts):
    model = keras.Sequential([keras.Input((4,)), *parts])
    model.compile("sgd", "mse")

    with pytest.raises(ValueError, match="`model` must have a `Dropout` layer after"):
        fit(model, AdjustDropout())
