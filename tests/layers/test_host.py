import inspect

import keras
import pytest

from tfcompress.kernels.full import Full
from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.layers.drop_in import drop_in


def test_one_kernel_given_to_two_layers_is_two_sets_of_variables():
    kernel = Hashed(ratio=0.5, seed=1)
    layers = [CompressedDense(4, kernel=kernel) for _ in range(2)]
    for layer in layers:
        layer.build((None, 4))

    assert layers[0].kernels["kernel"].value is not layers[1].kernels["kernel"].value
    assert not kernel.built


def test_variables_are_named_after_the_weight_they_stand_for():
    layer = HashedDense(4, ratio=0.5, name="head")
    layer.build((None, 4))
    assert sorted(v.path for v in layer.weights) == ["head/bias", "head/kernel/value"]


def test_a_kernel_that_is_none_is_refused():
    with pytest.raises(TypeError, match=r"`kernel` must be a kernel.*kernel=3"):
        CompressedDense(4, kernel=3)


def test_a_missing_option_is_said_plainly():
    with pytest.raises(TypeError, match="missing a required argument: 'ratio'"):
        HashedDense(4)


def test_an_unknown_option_is_refused():
    with pytest.raises((TypeError, ValueError), match="rank"):
        HashedDense(4, ratio=0.5, rank=3)


def test_arguments_of_keras_may_be_given_by_position():
    layer = HashedDense(4, "relu", False, ratio=0.5)
    assert layer.activation is keras.activations.relu
    assert layer.use_bias is False


def test_drop_in_takes_the_options_of_its_kernel():
    @drop_in(Full)
    class PlainDense(CompressedDense):
        """A dense layer."""

    assert list(inspect.signature(PlainDense).parameters)[:3] == [
        "units",
        "activation",
        "use_bias",
    ]


def test_kernel_reads_as_the_full_weight_and_cannot_be_set():
    layer = HashedDense(4, ratio=0.5)
    layer.build((None, 4))
    assert tuple(layer.kernel.shape) == (4, 4)
