import types

import keras
import numpy as np
import pytest

from tfcompress.interop.legacy import quantized


def variable(name, value):
    made = keras.Variable(np.array(value, "float32"))
    return types.SimpleNamespace(name=name, numpy=made.numpy)


class Quantizer:
    """Rounds to whole numbers, and tells the ends that it was given."""

    def __init__(self, bits=8, symmetric=True, narrow_range=True):
        self.num_bits = bits
        self.symmetric = symmetric
        self.narrow_range = narrow_range

    def __call__(self, inputs, training, weights):
        assert training is False
        self.ends = [weights[end].numpy().tolist() for end in ("min_var", "max_var")]
        return variable("rounded", np.round(inputs.numpy()))


class QuantizeWrapperV2:
    """What a wrapper of tensorflow-model-optimization shows of itself."""

    def __init__(self, name, values, own, **quantizers):
        self.layer = types.SimpleNamespace(name=name)
        self.name = f"quant_{name}"
        self.trainable_weights = [
            variable(f"{name}/{k}:0", v) for k, v in values.items()
        ]
        self.non_trainable_weights = [
            variable(f"{self.name}/{k}:0", v) for k, v in own.items()
        ]
        self.weights = self.trainable_weights + self.non_trainable_weights
        self.quantize_config = types.SimpleNamespace(
            get_weights_and_quantizers=lambda layer: quantizers.get("weights", []),
            get_activations_and_quantizers=lambda layer: quantizers.get("outputs", []),
            get_output_quantizers=lambda layer: quantizers.get("after", []),
        )


class QuantizeLayer:
    name = "quantize_layer"
    quantizer = Quantizer()
    weights = [
        variable("quantize_layer/quantize_layer_min:0", -1),
        variable("quantize_layer/quantize_layer_max:0", 3),
        variable("quantize_layer/optimizer_step:0", 7),
    ]


def dense(quantizer, **own):
    values = {"kernel": [[0.4, 1.6]], "bias": [0.3, 0.3]}
    ranges = {"optimizer_step": 9, "kernel_min": -2, "kernel_max": 2, **own}
    pairs = {
        "weights": [("kernel", quantizer)],
        "outputs": [("relu", Quantizer(bits=4))],
    }
    return QuantizeWrapperV2("d", values, ranges, **pairs)


def test_names_are_those_of_the_layers_inside():
    assert quantized.name(dense(Quantizer())) == "d"
    assert quantized.name(QuantizeLayer()) == "quantize_layer"
    assert quantized.has_ranges(QuantizeLayer())
    assert not quantized.has_ranges(keras.layers.ReLU())


def test_weights_are_as_rounded_and_without_what_rounding_added():
    quantizer = Quantizer()
    kernel, bias = quantized.weights(dense(quantizer))
    assert kernel.tolist() == [[0, 2]]
    assert bias.tolist() == pytest.approx([0.3, 0.3])
    assert quantizer.ends == [-2, 2]
    assert quantized.weights(QuantizeLayer()) == []


def test_ranges_of_weights_and_outputs():
    ranges = {"post_activation_min": -1, "post_activation_max": 5}
    found = quantized.ranges(dense(Quantizer(), **ranges))
    assert found["weights"] == {"kernel": {"high": [2], "bits": 8, "even": True}}
    assert found["output"] == {"low": -1, "high": 5, "bits": 4}


def test_what_is_rounded_before_an_activation_only_is_not_rounded_after_it():
    ranges = {"pre_activation_min": -1, "pre_activation_max": 5}
    assert quantized.ranges(dense(Quantizer(), **ranges))["output"] is None


@pytest.mark.parametrize("odd", [{"symmetric": False}, {"narrow_range": False}])
def test_other_grids_are_told_of(odd):
    found = quantized.ranges(dense(Quantizer(**odd)))
    assert found["weights"]["kernel"]["even"] is False


def test_a_layer_that_rounds_inputs_has_their_range():
    found = quantized.ranges(QuantizeLayer())
    assert found == {"weights": {}, "output": {"low": -1, "high": 3, "bits": 8}}
