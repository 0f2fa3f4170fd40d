import keras
import numpy as np
import pytest
from shrinking import batch, chain, halves, outputs, randomized, silence

from tfcompress.surgery.shrink import shrink

layers = keras.layers


def test_nothing_dead_nothing_gone(rng):
    model = randomized(chain((3,), layers.Dense(4, name="a")), rng)
    assert shrink(model).count_params() == model.count_params()


def test_threshold_is_the_largest_weight_that_counts_as_zero(rng):
    model = randomized(chain((3,), layers.Dense(4, name="a")), rng)
    kernel = np.ones((3, 4)) * [0.01, 1, 1, 1]
    model.get_layer("a").kernel.assign(kernel)
    assert shrink(model).get_layer("a").units == 4
    assert shrink(model, threshold=0.01).get_layer("a").units == 3


def test_weight_that_is_not_a_number_is_refused():
    # It is not above the threshold, so its unit would be taken for one without weights.
    model = chain((3,), layers.Dense(4, name="a"))
    model.get_layer("a").kernel.assign(np.full((3, 4), np.nan))
    with pytest.raises(ValueError, match="`model` must have finite weights, and 'a/k"):
        shrink(model)


def test_width_is_rounded_up():
    model = chain((3,), layers.Dense(20, name="a"))
    kernel = np.ones((3, 20)) * ([0] * 9 + [1] * 11)
    model.get_layer("a").kernel.assign(kernel)
    assert shrink(model).get_layer("a").units == 11
    assert shrink(model, round_to=8).get_layer("a").units == 16


def test_subclassed_model_is_refused_with_advice():
    class Mine(keras.Model):
        def call(self, x):
            return x

    with pytest.raises(ValueError, match="the graph of a subclassed model is code"):
        shrink(Mine())


def test_half_of_every_free_group_leaves_a_residual_network(rng):
    model = keras.applications.MobileNetV2(
        weights=None,
        input_shape=(32, 32, 3),
        alpha=0.35,
        classes=3,
        classifier_activation=None,
    )
    randomized(model, rng)
    inputs, weights = batch(model, rng), model.get_weights()
    keep = {}
    for group, stays in halves(model, rng):
        keep[group.name] = np.flatnonzero(stays[group.units[group.name]])
        silence(group, stays, "reads")
    masked = outputs(model, inputs)
    model.set_weights(weights)

    small = shrink(model, keep=keep)

    assert len(keep) == 25
    assert small.count_params() < 0.32 * model.count_params()
    np.testing.assert_allclose(outputs(small, inputs)[0], masked[0], rtol=1e-4)
    assert np.abs(outputs(model, inputs)[0] - masked[0]).max() > 1e-3


def test_a_class_that_builds_its_graph_in_its_constructor_is_shrunk(rng):
    class Backbone(keras.Model):
        def __init__(self, units):
            inputs = keras.Input((3,))
            hidden = keras.layers.Dense(units, "relu", name="hidden")(inputs)
            outputs = keras.layers.Dense(2, name="out")(hidden)
            super().__init__(inputs=inputs, outputs=outputs)
            self.units = units

        def get_config(self):
            return {"units": self.units}

    model = Backbone(4)
    kernel = rng.normal(size=(3, 4)).astype("float32")
    kernel[:, 1] = 0
    model.get_layer("hidden").set_weights([kernel, np.zeros(4, "float32")])
    small = shrink(model)
    assert small.get_layer("hidden").units == 3
    x = rng.normal(size=(5, 3)).astype("float32")
    np.testing.assert_allclose(small(x), model(x), atol=1e-6)
