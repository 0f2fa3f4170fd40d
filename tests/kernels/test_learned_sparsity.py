"""What all kernels do that learn which weights are zero, in the layers that host them."""

import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras.src import testing

from tfcompress import kernels, layers
from tfcompress.conversion.fold import fold
from tfcompress.kernels.full import Full
from tfcompress.layers.host import Host
from tfcompress.sublayers import every_layer
from tfcompress.surgery.shrink import shrink

ALL = {
    "weights": kernels.HardConcrete(strength=1e-3, weight_decay=1e-2),
    "inputs": kernels.HardConcrete(strength=1e-3, groups="input"),
    "noise": kernels.VariationalDropout(strength=1e-3),
    "noisy inputs": kernels.VariationalDropout(strength=1e-3, groups="input"),
    "rates": kernels.GeneralizedDropout(strength=1e-3, alpha=0.5, beta=0.5),
}


def _images():
    return keras.Sequential(
        [
            keras.Input((5, 5, 2)),
            layers.CompressedConv2D(3, 3, kernel=ALL["rates"], activation="relu"),
            layers.CompressedConv2D(3, 3, kernel=ALL["noise"], activation="relu"),
            keras.layers.Flatten(),
            layers.CompressedDense(4, kernel=ALL["weights"]),
            layers.CompressedDense(3, kernel=ALL["noisy inputs"]),
            layers.CompressedDense(2, kernel=ALL["inputs"]),
        ]
    )


def _words():
    inputs = keras.Input((3,), dtype="int32")
    rows = layers.CompressedEmbedding(9, 4, embeddings=ALL["noisy inputs"])(inputs)
    state = layers.CompressedLSTM(4, kernels=ALL["noise"])(rows)
    return keras.Model(inputs, layers.CompressedDense(2, kernel=ALL["weights"])(state))


def _data(model, rng, count=8):
    shape = (count, *model.input_shape[1:])
    x = rng.integers(0, 9, shape) if len(shape) == 2 else rng.normal(size=shape)
    return x, rng.normal(size=(count, 2))


@pytest.mark.parametrize(
    ("make", "policy", "jit", "steps"),
    [
        (_images, "float32", True, 2),
        (_images, "mixed_float16", False, 2),
        (_words, "mixed_bfloat16", False, 1),
    ],
)
def test_training_moves_every_weight(make, policy, jit, steps, rng):
    keras.config.set_dtype_policy(policy)
    model = make()
    model.compile("adam", "mse", jit_compile=jit, steps_per_execution=steps)
    before = [w.numpy() for w in model.trainable_weights]

    model.fit(*_data(model, rng), batch_size=2, verbose=0)

    after = [w.numpy() for w in model.trainable_weights]
    assert all(np.isfinite(a).all() for a in after)
    assert all((a != b).any() for a, b in zip(after, before, strict=True))


@pytest.mark.parametrize("make", [_images, _words])
def test_saved_and_folded_models_give_the_same_outputs(make, tmp_path, rng):
    model = make()
    for variable in model.weights:
        variable.assign(variable + rng.normal(size=variable.shape, scale=0.3))
    x, _ = _data(model, rng)
    model.save(tmp_path / "model.keras")
    expected = model.predict(x, verbose=0)

    loaded = keras.models.load_model(tmp_path / "model.keras")
    folded = fold(model)

    np.testing.assert_array_equal(loaded.predict(x, verbose=0), expected)
    np.testing.assert_allclose(folded.predict(x, verbose=0), expected, atol=1e-6)
    assert not any(isinstance(layer, Host) for layer in every_layer(folded))


@pytest.mark.parametrize("name", ["weights", "noisy inputs", "rates"])
@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed")
def test_passes_the_harness_of_keras(name):
    testing.TestCase().run_layer_test(
        layers.CompressedDense,
        init_kwargs={"units": 4, "kernel": ALL[name]},
        input_shape=(2, 6),
        expected_output_shape=(2, 4),
        assert_built_after_instantiation=False,
    )


@pytest.mark.parametrize("name", ALL)
def test_config_round_trip_keeps_every_option(name):
    kernel = ALL[name]
    assert kernel.copy().get_config() == kernel.get_config()


@pytest.mark.parametrize("name", ALL)
def test_a_pruned_weight_is_zero(name):
    kernel = ALL[name].copy()
    kernel.build((4, 3))
    (value,) = kernel.prunable
    value.assign(np.eye(4, 3))
    assert np.count_nonzero(kernel.full()) <= 3


def test_what_has_closed_is_structure_that_shrink_removes(rng):
    kernel = kernels.HardConcrete(strength=1e-3, groups="input", drop_rate=0.2)
    model = keras.Sequential(
        [
            keras.Input((6,)),
            layers.CompressedDense(5, "relu", kernel=kernel),
            layers.CompressedDense(4, kernel=kernel, name="second"),
        ]
    )
    model.get_layer("second").kernels["kernel"].gate.assign([[-4.0]] * 3 + [[4.0]] * 2)
    x = rng.normal(size=(3, 6))
    for one in (fold(model), model):
        small = shrink(one)
        assert small.layers[0].units == 2
        np.testing.assert_allclose(small(x), model(x), atol=1e-5)


@pytest.mark.parametrize("name", ALL)
def test_stored_bits_are_those_of_the_plain_weight(name):
    kernel, plain = ALL[name].copy(), Full()
    kernel.build((4, 3))
    plain.build((4, 3))
    assert kernel.stored_bits() == plain.stored_bits()


def test_strength_must_not_be_negative():
    with pytest.raises(ValueError, match="`strength` must be a number in"):
        kernels.HardConcrete(strength=-1)


REPLICAS = """
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, two)
import keras, numpy as np, tfcompress as tfc
with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
    model = keras.Sequential([
        keras.Input((4,)),
        tfc.layers.CompressedDense(4, kernel=tfc.kernels.HardConcrete(strength=1.0)),
        tfc.layers.CompressedDense(
            4, kernel=tfc.kernels.GeneralizedDropout(strength=1.0, alpha=0.5, beta=0.9)),
        tfc.layers.CompressedDense(
            2, kernel=tfc.kernels.VariationalDropout(strength=1.0, groups="input")),
    ])
    model.compile(keras.optimizers.SGD(0.01), "mse")
penalty = float(sum(model.losses))
x = np.zeros((8, 4))
(loss,) = model.fit(x, np.zeros((8, 2)), batch_size=8, verbose=0).history["loss"]
assert abs(loss - penalty) < 0.05 * penalty, (loss, penalty)
for variable in model.trainable_variables:
    one, two = variable.value.values
    np.testing.assert_array_equal(one.numpy(), two.numpy())
    assert np.isfinite(one.numpy()).all()
"""


def test_two_replicas_agree_and_pay_the_penalty_once():
    root = pathlib.Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", REPLICAS], check=True, cwd=root)
