from contract import RecurrentContract

from tfcompress.layers.compressed_simple_rnn import CompressedSimpleRNN


class TestHost(RecurrentContract):
    host = CompressedSimpleRNN
