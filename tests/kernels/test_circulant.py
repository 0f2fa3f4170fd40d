import numpy as np

from tfcompress.kernels.circulant import Circulant


def test_each_row_is_the_one_above_turned_by_one():
    kernel = Circulant(signs=False)
    kernel.build((3, 3))
    kernel.value.assign([[[1.0, 2.0, 3.0]]])
    assert kernel.full().numpy().tolist() == [[1, 2, 3], [3, 1, 2], [2, 3, 1]]


def test_blocks_are_cut_to_fit():
    kernel = Circulant(block_size=2, signs=False)
    kernel.build((3, 5))
    kernel.value.assign(np.arange(12.0).reshape(2, 3, 2))
    assert kernel.full().numpy().tolist() == [
        [0, 1, 2, 3, 4],
        [1, 0, 3, 2, 5],
        [6, 7, 8, 9, 10],
    ]


def test_multiplications_grow_as_n_log_n():
    kernel = Circulant()
    kernel.build((1024, 1024))
    assert kernel.stored_bits() == 32 * 1024
    assert kernel.macs() == 2 * 1.25 * 1024 * 10 + 4 * 513
