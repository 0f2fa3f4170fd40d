import keras
import numpy as np
import pytest

from tfcompress.regularizers.group_lasso import GroupLasso
from tfcompress.regularizers.sparse_group_lasso import SparseGroupLasso

KERNEL = np.array([[3.0, 0.0], [4.0, -2.0]], "float32")


@pytest.mark.parametrize("groups", ["incoming", "outgoing", "both"])
@pytest.mark.parametrize("scale", [False, True])
def test_penalty_is_group_lasso_plus_l1(groups, scale):
    penalty = SparseGroupLasso(0.5, 0.25, groups, scale)(KERNEL)
    expected = float(GroupLasso(0.5, groups, scale)(KERNEL)) + 0.25 * 9
    np.testing.assert_allclose(penalty, expected, rtol=1e-6)


def test_serialized_penalty_keeps_its_arguments():
    penalty = SparseGroupLasso(0.1, l1=0.2, groups="both", scale_by_size=True, gates=2)

    copy = keras.regularizers.deserialize(keras.regularizers.serialize(penalty))

    assert type(copy) is SparseGroupLasso
    assert copy.get_config() == {
        "strength": 0.1,
        "l1": 0.2,
        "groups": "both",
        "scale_by_size": True,
        "gates": 2,
    }


def test_training_thins_out_groups_and_the_weights_in_them(rng):
    x = rng.normal(size=(64, 4)).astype("float32")
    y = x @ np.float32([[2, 0], [1, 0], [0, 0], [0, 0]])  # unit 0 needs half its inputs
    dense = keras.layers.Dense(
        2, kernel_regularizer=SparseGroupLasso(0.02, 0.02), use_bias=False
    )
    model = keras.Sequential([keras.Input((4,)), dense])
    model.compile(keras.optimizers.SGD(0.1), "mse")

    model.fit(x, y, epochs=30, batch_size=16, verbose=0)

    needed = np.array([[1, 0], [1, 0], [0, 0], [0, 0]], bool)
    kernel = np.abs(dense.kernel.numpy())
    assert kernel[needed].min() > 0.8
    assert kernel[~needed].max() < 0.02


@pytest.mark.parametrize("l1", [-0.1, float("inf"), None])
def test_l1_must_be_a_number_of_at_least_zero(l1):
    with pytest.raises(ValueError, match=r"`l1` must be a number in \[0, inf\)"):
        SparseGroupLasso(0.1, l1)


def test_proximal_step_minimizes_distance_plus_penalty(rng):
    penalty = SparseGroupLasso(0.7, l1=0.4, scale_by_size=True)
    weight, rate = rng.normal(size=(4, 5)), 0.8

    def objective(x):
        return 0.5 * np.sum((x - weight) ** 2) + rate * float(penalty(x))

    best = penalty.proximal_step(weight, rate).numpy()

    alive = best.any(axis=0)
    assert 0 < alive.sum() < 5  # some columns are gone, and single weights elsewhere
    assert not best[:, alive].all()
    for scale in (1e-4, 1e-2, 1.0):
        for _ in range(200):
            assert objective(best) < objective(best + scale * rng.normal(size=(4, 5)))


def test_without_norms_the_proximal_step_is_the_soft_threshold():
    step = SparseGroupLasso(0.0, l1=2.5).proximal_step(KERNEL, 1.0)
    np.testing.assert_array_equal(step, [[0.5, 0.0], [1.5, 0.0]])
