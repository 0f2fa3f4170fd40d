from tfcompress.distributions.uniform import Uniform


def test_every_weight_has_the_same_share():
    assert Uniform().sparsities(None, [1, 2, 3], 0.75) == [0.75] * 3
