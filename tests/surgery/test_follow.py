import keras
from shrinking import chain

from tfcompress.surgery.follow import follow


def test_outputs_of_a_model_stay():
    trace = follow(chain((3,), keras.layers.Dense(4, name="a")))
    _, end = trace.sources.values()
    assert {trace.reasons[number] for number in end.ids} == {"outputs of the model"}


def test_normalized_channels_leave_by_choice():
    model = chain((3,), keras.layers.Dense(4), keras.layers.LayerNormalization())
    assert len(follow(model).reasons) == 4 + 3
    assert len(follow(model, approximate=True).reasons) == 3
