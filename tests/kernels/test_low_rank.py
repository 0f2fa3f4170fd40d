import numpy as np
import pytest

from tfcompress.kernels.low_rank import LowRank


def test_encode_misses_by_the_dropped_singular_values(rng):
    array = rng.normal(size=(8, 6)).astype("float32")
    kernel = LowRank(rank=2)
    kernel.build(array.shape)
    values = np.linalg.svd(array, compute_uv=False)
    dropped = np.linalg.norm(values[2:]) / np.linalg.norm(values)
    assert kernel.encode(array) == pytest.approx(dropped, rel=1e-5)


def test_full_rank_is_exact(rng):
    array = rng.normal(size=(3, 3, 4, 6)).astype("float32")
    kernel = LowRank(rank=6, must_pay=False)
    kernel.build(array.shape)
    assert kernel.encode(array) < 1e-6


def test_a_weight_of_low_rank_is_recovered(rng):
    array = (rng.normal(size=(20, 2)) @ rng.normal(size=(2, 30))).astype("float32")
    planned = LowRank(energy=0.9999).plan(array)
    planned.build(array.shape)
    assert planned.rank == 2
    assert planned.encode(array) < 1e-6


def test_a_kronecker_product_is_recovered_at_the_product_of_the_ranks(rng):
    left = rng.normal(size=(6, 2)) @ rng.normal(size=(2, 8))
    right = rng.normal(size=(7, 3)) @ rng.normal(size=(3, 9))
    array = np.kron(left, right).astype("float32")
    planned = LowRank(energy=1 - 1e-9).plan(array)
    planned.build(array.shape)
    assert planned.rank == 2 * 3
    assert planned.encode(array) < 1e-6


def test_stores_and_multiplies_rank_times_inputs_plus_outputs():
    kernel = LowRank(rank=3)
    kernel.build((20, 30))
    assert kernel.count_params() == kernel.macs() == 150


def test_ratio_takes_the_highest_rank_that_holds_it():
    kernel = LowRank(ratio=0.5)
    kernel.build((20, 30))
    assert kernel.factor_rank == 6  # 6 * 50 = 300 = 600 / 2
    assert kernel.count_params() == 300


def test_ratio_one_takes_the_highest_rank_that_pays():
    kernel = LowRank(ratio=1.0)
    kernel.build((20, 30))
    assert kernel.count_params() == 550  # 12 * 50 would be 600, the weight itself


def test_product_is_never_formed():
    kernel = LowRank(rank=1)
    kernel.build((3, 4))
    kernel.left.assign([[1.0], [0.0], [2.0]])
    kernel.right.assign([[3.0, -1.0, 0.0, 1.0]])
    seen = []

    def op(inputs, weight):
        seen.append(tuple(weight.shape))
        return inputs @ weight

    outputs = kernel.apply(op, np.array([[1.0, 5.0, 1.0]], "float32"), output_axis=-1)

    assert seen == [(3, 1)]
    assert outputs.numpy().tolist() == [[9, -3, 0, 3]]  # (1 + 2) * (3, -1, 0, 1)


def test_without_an_output_axis_the_full_weight_is_used():
    kernel = LowRank(rank=1)
    kernel.build((3, 4))
    seen = []
    kernel.apply(lambda x, w: seen.append(tuple(w.shape)), None)
    assert seen == [(3, 4)]


def test_a_rank_that_does_not_pay_names_the_one_that_does():
    with pytest.raises(ValueError, match="highest rank that pays is 11.*rank=12"):
        LowRank(rank=12).build((20, 30))


def test_a_rank_above_the_weight_is_refused():
    with pytest.raises(ValueError, match="`rank` must be at most 20.*rank=21"):
        LowRank(rank=21, must_pay=False).build((20, 30))


def test_a_weight_that_no_rank_suits_is_refused():
    with pytest.raises(ValueError, match="No rank pays here"):
        LowRank(rank=1).build((1, 5))


def test_a_ratio_below_rank_one_is_refused():
    with pytest.raises(ValueError, match="Rank 1 stores 0.0833 of it.*ratio=0.05"):
        LowRank(ratio=0.05).build((20, 30))


def test_energy_needs_a_trained_weight():
    with pytest.raises(ValueError, match="`energy` must start from a trained weight"):
        LowRank(energy=0.9).build((20, 30))


@pytest.mark.parametrize("options", [{}, {"rank": 2, "ratio": 0.5}])
def test_exactly_one_of_rank_ratio_energy(options):
    with pytest.raises(ValueError, match="only one of them"):
        LowRank(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rank": 0}, "`rank` must be a positive integer"),
        ({"rank": True}, "`rank` must be a positive integer"),
        ({"ratio": 2}, "`ratio` must be a number in"),
        ({"energy": 0}, "`energy` must be a number in"),
        ({"rank": 1, "must_pay": None}, "`must_pay` must be True or False"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises((ValueError, TypeError), match=message):
        LowRank(**options)
