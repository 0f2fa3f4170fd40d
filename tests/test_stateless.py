import keras
import pytest

from tfcompress.stateless import refuse_stateful


def test_a_layer_that_keeps_its_state_is_named_however_deep():
    inner = keras.Sequential(
        [
            keras.Input((4, 2), batch_size=3),
            keras.layers.LSTM(2, stateful=True, name="s"),
        ]
    )
    model = keras.Sequential([keras.Input((4, 2), batch_size=3), inner])

    with pytest.raises(ValueError, match=r"`model` must keep no state.*\['s'\]"):
        refuse_stateful(model)


def test_others_pass():
    refuse_stateful(keras.Sequential([keras.Input((4, 2)), keras.layers.LSTM(2)]))
