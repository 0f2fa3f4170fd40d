import pytest

from tfcompress.kernels.tucker import Tucker


def test_full_ranks_are_exact(rng):
    array = rng.normal(size=(3, 3, 4, 6)).astype("float32")
    kernel = Tucker(ranks=(4, 6), must_pay=False)
    kernel.build(array.shape)
    assert kernel.encode(array) < 1e-5


@pytest.mark.parametrize("energy", [0.5, 0.9])
def test_energy_is_surely_kept(energy, rng):
    array = rng.normal(size=(3, 3, 8, 12)).astype("float32")
    kernel = Tucker(energy=energy, must_pay=False).plan(array)
    kernel.build(array.shape)
    assert 1 - kernel.encode(array) ** 2 >= energy
    assert kernel.ranks != (8, 12)


def test_ratio_holds_for_what_is_stored():
    kernel = Tucker(ratio=0.25)
    kernel.build((3, 3, 32, 64))
    assert kernel.stored_bits() / 32 <= 0.25 * 9 * 32 * 64
    r, s = kernel.inner
    assert s == 2 * r
    larger = Tucker(ranks=(r + 1, s + 2))
    larger.build((3, 3, 32, 64))
    assert larger.stored_bits() / 32 > 0.25 * 9 * 32 * 64


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "only one of them"),
        ({"ranks": (1, 2), "ratio": 0.5}, "only one of them"),
        ({"ranks": 3}, "`ranks` must be a pair of integers"),
        ({"ranks": (3, 0)}, "`ranks` must be a positive integer"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Tucker(**options)


def test_ranks_that_do_not_suit_name_those_that_do():
    with pytest.raises(ValueError, match="at most \\(4, 6\\), the channels"):
        Tucker(ranks=(5, 6)).build((3, 3, 4, 6))
    with pytest.raises(ValueError, match="Ranks of \\(3, 4\\) pay"):
        Tucker(ranks=(4, 6)).build((3, 3, 4, 6))
    with pytest.raises(ValueError, match="`ratio` must leave at least ranks of 1"):
        Tucker(ratio=0.01).build((3, 3, 4, 6))


def test_energy_needs_a_trained_kernel():
    with pytest.raises(ValueError, match="`energy` must start from a trained kernel"):
        Tucker(energy=0.5).build((3, 3, 4, 6))
