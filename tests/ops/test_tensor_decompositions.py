import numpy as np
import pytest

from tfcompress.ops import tensor_decompositions as decompositions


def tucker_product(a, core, b):
    return np.einsum("cr,hwrs,so->hwco", a, core, b)


def test_a_tensor_of_low_tucker_rank_is_recovered(rng):
    core = rng.normal(size=(3, 2, 2, 3))
    array = tucker_product(rng.normal(size=(6, 2)), core, rng.normal(size=(3, 7)))
    found = tucker_product(*decompositions.tucker(array, 2, 3))
    np.testing.assert_allclose(found, array, atol=1e-10)


def test_full_tucker_ranks_are_exact(rng):
    array = rng.normal(size=(3, 3, 4, 5))
    found = tucker_product(*decompositions.tucker(array, 4, 5))
    np.testing.assert_allclose(found, array, atol=1e-10)


def test_sweeps_never_lose_what_the_first_decomposition_had(rng):
    array = rng.normal(size=(3, 3, 6, 8))
    errors = [
        np.linalg.norm(
            array - tucker_product(*decompositions.tucker(array, 3, 3, sweeps=sweeps))
        )
        for sweeps in (1, 2, 5, 20)
    ]
    assert errors == sorted(errors, reverse=True)
    # No more than the sum of what each unfolding must lose (De Lathauwer et al.).
    lost = [
        np.linalg.svd(
            np.moveaxis(array, axis, 0).reshape(array.shape[axis], -1), compute_uv=False
        )[3:]
        for axis in (2, 3)
    ]
    assert errors[-1] ** 2 <= sum(np.sum(values**2) for values in lost)


def test_a_sum_of_outer_products_is_recovered(rng):
    factors = [rng.normal(size=(size, 3)) for size in (3, 3, 6, 7)]
    array = np.einsum("az,bz,cz,dz->abcd", *factors)
    found = decompositions.canonical_polyadic(array, 3, sweeps=300)
    missed = np.linalg.norm(np.einsum("az,bz,cz,dz->abcd", *found) - array)
    assert missed < 1e-3 * np.linalg.norm(array)


def test_rank_one_is_the_outer_product_and_shares_its_length(rng):
    array = np.einsum("a,b,c->abc", *[rng.normal(size=n) for n in (3, 4, 5)])
    factors = decompositions.canonical_polyadic(array, 1)
    np.testing.assert_allclose(np.einsum("az,bz,cz->abc", *factors), array, atol=1e-8)
    assert np.ptp([np.linalg.norm(f) for f in factors]) < 1e-8


def test_more_components_than_an_axis_has_are_found(rng):
    array = rng.normal(size=(2, 2, 3, 4))
    found = decompositions.canonical_polyadic(array, 12, sweeps=300)
    missed = np.linalg.norm(np.einsum("az,bz,cz,dz->abcd", *found) - array)
    assert missed < 0.05 * np.linalg.norm(array)


@pytest.mark.parametrize("multiplier", [1, 2])
def test_separable_misses_by_the_dropped_values_of_each_channel(multiplier, rng):
    array = rng.normal(size=(3, 3, 5, 7))
    depthwise, pointwise = decompositions.separable(array, multiplier)
    assert depthwise.shape == (3, 3, 5, multiplier)
    missed = array - np.einsum("hwck,cko->hwco", depthwise, pointwise)
    dropped = sum(
        np.sum(np.linalg.svd(m, compute_uv=False)[multiplier:] ** 2)
        for m in array.reshape(9, 5, 7).transpose(1, 0, 2)
    )
    assert np.sum(missed**2) == pytest.approx(dropped)


def test_by_axes_puts_height_against_width(rng):
    down, across = rng.normal(size=(3, 4, 1)), rng.normal(size=(1, 2, 5))
    array = np.einsum("hcr,rwo->hwco", down, across)
    assert np.linalg.matrix_rank(decompositions.by_axes(array)) == 1
