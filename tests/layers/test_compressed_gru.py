from contract import RECURRENT, RecurrentContract

from tfcompress.layers.compressed_gru import CompressedGRU


class TestHost(RecurrentContract):
    host = CompressedGRU
    cases = (*RECURRENT, {"implementation": 1}, {"reset_after": False})
