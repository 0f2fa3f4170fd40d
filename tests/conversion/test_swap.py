import keras
import numpy as np

from tfcompress.conversion.rule import Rule
from tfcompress.conversion.swap import carry, host_for, hosts, unbuilt
from tfcompress.kernels.full import Full
from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.hashed_dense import HashedDense


def test_each_keras_layer_has_one_host_and_it_carries_any_kernel():
    found = hosts()
    assert found[keras.layers.Dense] is CompressedDense
    assert all(host.twin is twin for twin, host in found.items())
    assert HashedDense not in found.values()


def test_a_host_class_must_fit_the_layer():
    rule = Rule("a", (HashedDense, {"ratio": 0.5}))
    assert host_for(keras.layers.Dense(3), rule) is HashedDense
    assert host_for(keras.layers.Conv2D(3, 3), rule) is None


def test_weights_of_equal_names_go_where_they_belong(rng):
    attention = keras.layers.MultiHeadAttention(2, 3)
    x = rng.normal(size=(2, 4, 6)).astype("float32")
    attention(x, x)
    for i, variable in enumerate(attention.weights):
        variable.assign(np.full(variable.shape, i))  # four of them are called "bias"
    rule = Rule("*", Full())

    new = unbuilt(attention, host_for(attention, rule), rule, True)
    new.build_from_config(attention.get_build_config())
    carry(attention, new)

    np.testing.assert_allclose(new(x, x), attention(x, x))


def test_energy_plans_the_rank_from_the_trained_weight(rng):
    dense = keras.layers.Dense(30, use_bias=False)
    dense.build((None, 20))
    dense.kernel.assign(rng.normal(size=(20, 2)) @ rng.normal(size=(2, 30)))
    rule = Rule("*", LowRank(energy=0.9999))
    assert unbuilt(dense, CompressedDense, rule, True).kernels["kernel"].rank == 2
