import keras
import numpy as np
import pytest
from contract import LayerContract

from tfcompress.constraints.proximal_group_lasso import ProximalGroupLasso
from tfcompress.constraints.weight_clip import WeightClip
from tfcompress.layers.drop_neuron_dense import DropNeuronDense
from tfcompress.regularizers.drop_neuron import DropNeuron

KERNEL = np.array([[3.0, 0.3], [4.0, 0.4]], "float32")


class TestContract(LayerContract):
    layer_class = DropNeuronDense
    twin = keras.layers.Dense
    arguments = {"units": 8}
    options = {"incoming": 0.1, "proximal": 0.2}
    own = ("incoming", "outgoing", "proximal", "learning_rate")
    input_shape = (6,)
    output_shape = (8,)
    # It asks for a computed kernel. Training under each policy is a test below.
    test_training_moves_every_trainable_weight = None

    def test_enable_lora_is_refused(self, rng):
        layer = self.make()
        layer(self.inputs(rng))
        with pytest.raises(ValueError, match="freezes the kernel"):
            layer.enable_lora(2)


def idle(optimizer=None, **kwargs):
    """A model whose loss has no gradient: only the layer itself moves its kernel."""
    layer = DropNeuronDense(2, use_bias=False, **kwargs)
    model = keras.Sequential([keras.Input((2,)), layer])
    model.compile(optimizer or keras.optimizers.SGD(0.5), "mse")
    layer.kernel.assign(KERNEL)
    return model, layer


def fit(model, steps=1, **kwargs):
    x = np.zeros((steps, 2))
    return model.fit(x, x, batch_size=1, verbose=0, **kwargs).history


def test_outputs_and_weights_are_those_of_dense(rng):
    x = rng.normal(size=(3, 5, 4)).astype("float32")
    layer, dense = DropNeuronDense(2, "relu"), keras.layers.Dense(2, "relu")
    outputs, _ = layer(x), dense(x)
    dense.set_weights(layer.get_weights())

    assert [w.name for w in layer.weights] == [w.name for w in dense.weights]
    np.testing.assert_array_equal(outputs, dense(x))


class TestPenalty:
    def test_is_that_of_drop_neuron(self):
        _, layer = idle(incoming=0.5, outgoing=0.25)
        (loss,) = layer.losses
        np.testing.assert_allclose(loss, DropNeuron(0.5, 0.25)(KERNEL))

    def test_comes_on_top_of_the_layer_s_own_regularizer(self):
        _, layer = idle(incoming=0.5, outgoing=0.0, kernel_regularizer="l2")
        (loss,) = layer.losses
        np.testing.assert_allclose(loss, 0.5 * 5.5 + 0.01 * 25.25, rtol=1e-6)

    def test_trains_the_kernel(self):
        """A step of 0.5 * 0.1 along each column, before the step to zero."""
        model, layer = idle(incoming=0.1, outgoing=0.0, proximal=0.0)
        fit(model)
        norms = np.linalg.norm(layer.kernel.numpy(), axis=0)
        np.testing.assert_allclose(norms, [5 - 0.05, 0.5 - 0.05], rtol=1e-6)


class TestProximalStep:
    def test_follows_each_update_for_columns_and_then_rows(self):
        model, layer = idle(incoming=0, outgoing=0, proximal=2.0, learning_rate=0.3)
        fit(model)
        step = ProximalGroupLasso(0.6, "both", learning_rate=1.0)
        np.testing.assert_allclose(layer.kernel, step(KERNEL), rtol=1e-6)

    def test_makes_the_zeros_that_the_layer_reports(self):
        model, layer = idle(proximal=0.6, learning_rate=1.0)
        assert [*layer.dead_units, *layer.dead_inputs] == []

        fit(model)
        assert ([*layer.dead_units], [*layer.dead_inputs]) == ([1], [])

        fit(model, steps=6)
        assert ([*layer.dead_units], [*layer.dead_inputs]) == ([0, 1], [0, 1])

    def test_follows_the_optimizer_if_that_is_the_learning_rate(self):
        optimizer = keras.optimizers.SGD(0.5)
        model, layer = idle(
            optimizer, incoming=0, outgoing=0, proximal=0.2, learning_rate=optimizer
        )
        optimizer.learning_rate = 3.0  # columns lose 0.6

        fit(model)

        assert [*layer.dead_units] == [1]
        assert layer.get_config()["learning_rate"] == 3.0

    def test_is_followed_by_the_layer_s_own_constraint(self):
        model, layer = idle(
            proximal=0.6, learning_rate=1.0, kernel_constraint=WeightClip(0, 1.5)
        )
        fit(model)
        np.testing.assert_array_equal(layer.kernel, [[1.5, 0.0], [1.5, 0.0]])

    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"jit_compile": True},
            {"steps_per_execution": 4},
            {"policy": "mixed_float16"},
            {"policy": "mixed_bfloat16"},
        ],
    )
    def test_drops_inputs_and_units_that_are_not_needed(self, rng, options):
        options = dict(options)
        keras.config.set_dtype_policy(options.pop("policy", "float32"))
        x = rng.normal(size=(256, 6)).astype("float32")
        y = x[:, :1] - x[:, 1:2]  # inputs 2 to 5 tell nothing
        hidden = DropNeuronDense(8, "tanh", proximal=0.2, learning_rate=0.1)
        last = DropNeuronDense(1, proximal=0.2, learning_rate=0.1)
        model = keras.Sequential([keras.Input((6,)), hidden, last])
        model.compile(keras.optimizers.SGD(0.1), "mse", **options)

        model.fit(x, y, epochs=30, batch_size=32, verbose=0)

        assert [*hidden.dead_inputs] == [2, 3, 4, 5]
        assert 0 < len(hidden.dead_units) < 8
        assert [*hidden.dead_units] == [*last.dead_inputs]
        assert model.evaluate(x, y, verbose=0) < 0.5 * np.var(y)


def test_saved_layer_goes_on_dropping(tmp_path):
    model, _ = idle(proximal=0.6, learning_rate=1.0)
    model.save(tmp_path / "model.keras")

    loaded = keras.models.load_model(tmp_path / "model.keras")
    fit(loaded)

    assert [*loaded.layers[0].dead_units] == [1]


@pytest.mark.parametrize("name", ["incoming", "outgoing", "proximal"])
@pytest.mark.parametrize("value", [-0.1, float("inf"), True, "0.1"])
def test_strengths_must_be_numbers_of_at_least_zero(name, value):
    with pytest.raises(ValueError, match=rf"`{name}` must be a number in \[0, inf\)"):
        DropNeuronDense(2, **{name: value})


def test_learning_rate_must_not_be_negative():
    with pytest.raises(ValueError, match="`learning_rate` must be a number in"):
        DropNeuronDense(2, learning_rate=-1.0)


def test_lora_rank_is_refused_by_position_too():
    with pytest.raises(ValueError, match="`lora_rank` must be None"):
        DropNeuronDense(2, *[None, True, "zeros", "zeros", *[None] * 5], 4)
