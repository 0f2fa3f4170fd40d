import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.surgery.net_trim import net_trim


@pytest.fixture
def x(rng):
    return np.maximum(rng.normal(size=(120, 12)), 0).astype("float32")


@pytest.fixture
def model():
    parts = [
        layers.Dense(16, "relu", name="a"),
        layers.Dense(10, "softmax", name="b", bias_initializer="random_normal"),
    ]
    return keras.Sequential([keras.Input((12,)), *parts])


def test_layers_are_sparse_and_do_nearly_what_they_did(model, x):
    before = model.layers[0](x).numpy()

    found = net_trim(model, x, epsilon=0.2)

    after = model.layers[0](x).numpy()
    change = np.linalg.norm(after - before) / np.linalg.norm(before)
    assert found["a"]["discrepancy"] == pytest.approx(change, rel=1e-3)
    assert change <= 0.21
    for layer in model.layers:
        zeros = np.mean(layer.kernel.numpy() == 0)
        assert found[layer.name]["sparsity"] == pytest.approx(zeros)
        assert zeros > 0.1


def test_layers_are_solved_on_their_original_inputs(model, x):
    kernel = model.layers[1].kernel.numpy()
    inputs = model.layers[0](x).numpy()
    alone = keras.Sequential([keras.Input((16,)), layers.Dense(10, name="b")])
    alone.layers[0].set_weights([kernel, model.layers[1].bias.numpy()])

    net_trim(model, x, epsilon=0.2)
    net_trim(alone, inputs, epsilon=0.2)

    np.testing.assert_allclose(
        model.layers[1].kernel, alone.layers[0].kernel, atol=1e-4
    )


def test_batches_do_not_matter(model, x):
    other = keras.models.clone_model(model)
    other.set_weights(model.get_weights())

    net_trim(model, x, batch_size=7)
    net_trim(other, x, batch_size=120)

    np.testing.assert_allclose(
        model.layers[0].kernel, other.layers[0].kernel, atol=1e-4
    )


def test_only_what_is_named_changes(model, x):
    kernel = model.layers[0].kernel.numpy()

    found = net_trim(model, x, which=["b"])

    assert list(found) == ["b"]
    np.testing.assert_array_equal(model.layers[0].kernel, kernel)


def test_layers_inside_any_model_are_found(x):
    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.inner = keras.Sequential([layers.Dense(6, "relu", name="deep")])

        def call(self, inputs):
            return self.inner(inputs["x"])

    net = Net()
    net({"x": x})

    assert net_trim(net, {"x": x}, epsilon=0.3)["deep"]["sparsity"] > 0.1


def test_call_of_the_layers_is_as_it_was(model, x):
    net_trim(model, x)

    assert all(layer.call.__name__ == "call" for layer in model.layers)
    model.compile("sgd", "mse")
    model.fit(x, np.ones((120, 10)), verbose=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epsilon": 0.0}, r"`epsilon` must be a number in \(0, 1\)"),
        ({"epsilon": 1}, r"`epsilon` must be a number in \(0, 1\)"),
        ({"which": ["c"]}, r"`which` must name `keras.layers.Dense` .*has a, b"),
        ({"which": []}, "`which` must be one or a list of names, at least"),
        ({"batch_size": 0}, "`batch_size` must be a positive integer"),
    ],
)
def test_arguments_outside_their_range_are_refused(options, message, model, x):
    with pytest.raises(ValueError, match=message):
        net_trim(model, x, **options)
