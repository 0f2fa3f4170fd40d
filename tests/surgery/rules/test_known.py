import keras
import pytest

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.surgery.part import Part
from tfcompress.surgery.rules.dense import Dense
from tfcompress.surgery.rules.known import LAYERS, rule_for
from tfcompress.surgery.rules.rule import Rule


def test_a_host_has_the_rule_of_its_twin():
    assert type(rule_for(Part(CompressedDense(2, kernel=Hashed(ratio=0.5))))) is Dense


def test_nobody_knows_what_a_subclass_does():
    class Mine(keras.layers.Dense):
        pass

    assert type(rule_for(Part(Mine(2)))) is Rule


def test_adapters_and_quantized_kernels_are_left_whole():
    layer = keras.layers.Dense(4)
    layer.build((None, 4))
    layer.enable_lora(2)
    assert type(rule_for(Part(layer))) is Rule
    layer = keras.layers.Dense(4)
    layer.build((None, 4))
    layer.quantize("int8")
    assert type(rule_for(Part(layer))) is Rule


@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.__name__)
def test_every_rule_is_one(kind):
    assert issubclass(LAYERS[kind], Rule)
