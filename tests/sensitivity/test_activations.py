import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.methods.units import Units
from tfcompress.methods.zeros import Zeros
from tfcompress.sensitivity import activations as module
from tfcompress.sensitivity.activations import Activations

X = np.random.default_rng(0).normal(size=(9, 4, 4, 1)).astype("float32")


def chain():
    return keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            layers.Conv2D(4, 3, activation="relu", name="a"),
            layers.Flatten(),
            layers.Dense(6, "relu", name="b"),
            layers.Dense(3, name="c"),
        ]
    )


def residual():
    x = keras.Input((4, 4, 1))
    a = layers.Conv2D(4, 3, padding="same", name="a")(x)
    b = layers.Conv2D(4, 3, padding="same", activation="relu", name="b")(a)
    total = layers.add([a, layers.Conv2D(4, 3, padding="same", name="c")(b)]) * 2.0
    pooled = layers.GlobalAveragePooling2D()(total)
    return keras.Model(x, layers.Dense(3, name="d")(pooled))


def shared():
    x = keras.Input((4, 4, 1))
    a = layers.Dense(4, name="a")
    twice = a(layers.Dense(4, name="first")(x)) + a(layers.Dense(4, name="second")(x))
    return keras.Model(x, layers.Dense(2)(layers.Flatten()(twice)))


@pytest.mark.parametrize("make", [chain, residual, shared])
@pytest.mark.parametrize("method", [Units(), Zeros()], ids=str)
def test_outputs_are_those_of_the_changed_model(make, method):
    model = make()
    kept = Activations(model, X)
    for name in method.layers(model):
        changed = method.compress(model, {name: 0.5})
        whole = changed(X).numpy()
        assert np.abs(whole - kept.outputs).max() > 1e-3
        np.testing.assert_allclose(kept.outputs_of(changed), whole, atol=1e-6)


def test_only_what_comes_after_the_change_is_computed(monkeypatch):
    model, run, ran = chain(), module._run, []
    kept = Activations(model, X)
    monkeypatch.setattr(
        module, "_run", lambda model, x: ran.append(len(model.layers)) or run(model, x)
    )
    for name in ("a", "b", "c"):
        kept.outputs_of(Zeros().compress(model, {name: 0.5}))
    # Tails of 4, 2, 1 layers and, between them, the rest: each with its input.
    assert ran == [5, 3, 3, 2, 2]


def test_what_goes_around_a_layer_is_kept_too():
    model = residual()
    kept = Activations(model, X)
    kept.outputs_of(Zeros().compress(model, {"c": 0.5}))
    assert kept._place == [("b", 0), ("a", 0)]


def test_an_unchanged_copy_costs_nothing():
    kept = Activations(chain(), X)
    assert kept.outputs_of(kept.model) is kept.outputs


def test_a_model_without_a_graph_is_refused():
    class Own(keras.Model):
        def call(self, x):
            return x

    with pytest.raises(ValueError, match="must be Sequential or Functional"):
        Activations(Own(), X)


@pytest.mark.parametrize("named", [False, True])
def test_several_inputs_go_where_they_belong(named):
    first, second = keras.Input((4,), name="z"), keras.Input((4,), name="a")
    parts = [layers.Dense(4, name="one")(first), layers.Dense(4, name="two")(second)]
    model = keras.Model([first, second], layers.Dense(2)(layers.concatenate(parts)))
    x = [X[:, 0, :, 0], X[:, 1, :, 0]]
    changed = Zeros().compress(model, {"two": 0.5})
    kept = Activations(model, {"z": x[0], "a": x[1]} if named else x)
    np.testing.assert_allclose(kept.outputs_of(changed), changed(x), atol=1e-6)
