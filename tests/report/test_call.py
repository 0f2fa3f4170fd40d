import keras
import numpy as np

from tfcompress.report.call import Call, shapes


def test_arguments_go_by_their_names():
    attention = keras.layers.MultiHeadAttention(1, 2)
    query, value = np.zeros((1, 3, 4)), np.zeros((1, 5, 4))

    call = Call.of(attention.call, (query,), {"value": value}, query)

    assert call.arguments == {"query": (1, 3, 4), "value": (1, 5, 4)}
    assert call.input == (1, 3, 4)
    assert call.output == (1, 3, 4)


def test_size_that_is_not_known_is_none():
    assert shapes([keras.KerasTensor((1, None)), True]) == [(1, None), None]
