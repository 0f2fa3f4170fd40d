import keras

from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_lstm import CompressedLSTM, CompressedLSTMCell


def test_the_cell_of_keras_is_replaced_and_forgotten():
    layer = CompressedLSTM(4, kernels=Hashed(ratio=0.5))
    layer.build((None, 5, 3))
    assert type(layer.cell) is CompressedLSTMCell
    assert [v.path.split("/", 1)[1] for v in layer.weights] == [
        "lstm_cell/bias",
        "lstm_cell/kernel/value",
        "lstm_cell/recurrent_kernel/value",
    ]


def test_kernels_are_those_of_the_cell():
    layer = CompressedLSTM(4, kernels=Hashed(ratio=0.5))
    assert layer.kernels is layer.cell.kernels


def test_a_cell_works_in_a_loop_of_your_own(rng):
    loop = keras.layers.RNN(CompressedLSTMCell(4, kernel=Hashed(ratio=0.5)))
    assert loop(rng.normal(size=(2, 5, 3)).astype("float32")).shape == (2, 4)
