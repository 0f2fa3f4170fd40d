import keras
import numpy as np
import pytest
from contract import assert_same, randomized

from tfcompress.conversion.convert import convert
from tfcompress.kernels.full import Full
from tfcompress.kernels.hashed import Hashed
from tfcompress.layers.compressed_lstm import CompressedLSTMCell
from tfcompress.layers.compressed_rnn import CompressedRNN


@pytest.mark.parametrize("options", [{}, {"return_sequences": True}], ids=str)
def test_rnn_with_a_converted_cell_is_the_twin(options, rng, tmp_path):
    cell = keras.layers.LSTMCell(4, name="it")
    rnn = keras.layers.RNN(cell, **options, name="rnn")
    model = randomized(keras.Sequential([keras.Input((5, 3)), rnn]), rng)
    converted = convert(model, {"it": Full()})
    assert type(converted.get_layer("rnn")) is CompressedRNN
    x = rng.normal(size=(2, 5, 3)).astype("float32")
    assert_same(converted(x), model(x))
    converted.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert_same(loaded(x), model(x))


def test_stacked_cells_are_computed_once_per_call(rng):
    cells = [CompressedLSTMCell(4, kernels=Hashed(ratio=0.5)) for _ in range(2)]
    layer = CompressedRNN(cells, unroll=True)
    x = rng.normal(size=(2, 6, 3)).astype("float32")
    layer(x)
    calls = []
    for kernel in [k for cell in cells for k in cell.kernels.values()]:
        full = kernel.full
        kernel.__dict__["full"] = lambda *a, full=full: calls.append(1) or full(*a)
    once = layer(x)
    assert len(calls) == 4
    again = keras.layers.RNN(cells, unroll=True)(x)
    np.testing.assert_allclose(once, again, atol=1e-6)
    assert len(calls) >= 4 + 4 * 6  # a plain RNN: at each step
