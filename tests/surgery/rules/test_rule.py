import keras
from shrinking import chain

from tfcompress.surgery.groups import coupled_groups


def test_what_an_unknown_layer_reads_is_left_whole_and_its_outputs_too():
    class Mine(keras.layers.Layer):
        def call(self, x):
            return x[:, ::-1]

    model = chain(
        (3,), keras.layers.Dense(4, name="a"), Mine(name="mine"), keras.layers.ReLU()
    )
    first, _ = coupled_groups(model)
    assert first.reason == "Mine 'mine' needs them all"
