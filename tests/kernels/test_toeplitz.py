from tfcompress.kernels.toeplitz import Toeplitz


def test_each_diagonal_has_one_number():
    kernel = Toeplitz(signs=False)
    kernel.build((2, 3))
    kernel.value.assign([1.0, 2.0, 3.0, 4.0])
    assert kernel.full().numpy().tolist() == [[2, 3, 4], [1, 2, 3]]


def test_signs_flip_whole_rows():
    kernel = Toeplitz(seed=1)
    kernel.build((6, 4))
    kernel.value.assign([1.0] * 9)
    rows = kernel.full().numpy()
    assert {tuple(row) for row in rows} == {(1.0,) * 4, (-1.0,) * 4}
