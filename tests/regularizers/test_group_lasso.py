import keras
import numpy as np
import pytest

from tfcompress.regularizers.group_lasso import GroupLasso

KERNEL = np.array([[3.0, 0.0], [4.0, 2.0]], "float32")


@pytest.mark.parametrize(
    ("groups", "norms"),
    [("incoming", 5 + 2), ("outgoing", 3 + 20**0.5), ("both", 10 + 20**0.5)],
)
@pytest.mark.parametrize(("scale_by_size", "scale"), [(False, 1), (True, 2**0.5)])
def test_penalty_is_strength_times_norms(groups, norms, scale_by_size, scale):
    penalty = GroupLasso(0.5, groups, scale_by_size)(KERNEL)
    np.testing.assert_allclose(penalty, 0.5 * scale * norms, rtol=1e-6)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_fit_moves_each_group_by_rate_times_strength(jit_compile):
    """With no gradient from the loss; a zero group stays where it is, and finite."""
    dense = keras.layers.Dense(2, kernel_regularizer=GroupLasso(0.5), use_bias=False)
    model = keras.Sequential([keras.Input((2,)), dense])
    model.compile(keras.optimizers.SGD(0.2), "mse", jit_compile=jit_compile)
    dense.kernel.assign([[3.0, 0.0], [4.0, 0.0]])

    model.fit(np.zeros((4, 2)), np.zeros((4, 2)), verbose=0)

    # The column of norm 5 loses 0.2 * 0.5 of it.
    expected = [[3 * 0.98, 0.0], [4 * 0.98, 0.0]]
    np.testing.assert_allclose(dense.kernel, expected, rtol=1e-6)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "float16"])
def test_penalty_joins_the_loss_under_every_dtype_policy(policy):
    dense = keras.layers.Dense(2, kernel_regularizer=GroupLasso(0.5), dtype=policy)
    model = keras.Sequential([keras.Input((2,)), dense])
    model.compile("sgd", "mse")
    dense.kernel.assign(KERNEL)

    loss = model.evaluate(np.zeros((1, 2)), np.zeros((1, 2)), verbose=0)

    np.testing.assert_allclose(loss, 3.5, rtol=1e-3)


@pytest.mark.parametrize(
    ("layer", "rank"),
    [(keras.layers.Conv1D, 1), (keras.layers.Conv2D, 2), (keras.layers.Conv3D, 3)],
)
def test_groups_of_a_convolution_are_its_filters(layer, rank):
    layer = layer(5, 3)
    layer.build((None, *[8] * rank, 4))
    filters = layer.kernel.numpy().reshape(-1, 5)
    expected = 0.5 * np.linalg.norm(filters, axis=0).sum()
    np.testing.assert_allclose(GroupLasso(0.5)(layer.kernel), expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("layer", "gates"), [(keras.layers.LSTM(2), 4), (keras.layers.GRU(2), 3)]
)
def test_gates_make_one_group_of_a_recurrent_unit(layer, gates, rng):
    """As the layer itself shows: a unit whose group is zero keeps its state at zero."""
    layer.build((None, None, 3))
    cell = layer.cell
    penalty = GroupLasso(1.0, gates=gates)
    step = penalty.proximal_step
    quiet = np.zeros((3, gates, 2), "float32")
    quiet[:, :, 0] = 5.0  # all gates of unit 0, far from those of unit 1
    quiet[:, :, 1] = 0.1
    weight = quiet.reshape(3, -1)
    norms = np.linalg.norm(quiet, axis=(0, 1))
    np.testing.assert_allclose(penalty(weight), norms.sum(), rtol=1e-6)
    cell.kernel.assign(step(weight, 1.0))
    recurrent = rng.normal(size=(2, gates, 2)) * [3, 0.01]
    cell.recurrent_kernel.assign(step(recurrent.reshape(2, -1), 1.0))

    outputs = layer(rng.normal(size=(2, 6, 3))).numpy()

    assert (outputs[:, 1] == 0).all()
    assert (outputs[:, 0] != 0).all()


def test_of_a_vector_it_is_l1():
    penalty = GroupLasso(0.5, scale_by_size=True)  # a bias, the scales of a norm
    assert float(penalty([3.0, -1.0, 0.0])) == 2.0
    step = penalty.proximal_step(np.array([3.0, -1.0, 0.25]), 1.0)
    np.testing.assert_allclose(step, [2.5, -0.5, 0.0])


def test_proximal_step_counts_a_group_by_its_size():
    penalty = GroupLasso(1.0, scale_by_size=True)  # a column of 4 weights: twice
    step = penalty.proximal_step(np.full((4, 1), 3.0), 0.5)  # norm 6 less 1
    np.testing.assert_allclose(step, np.full((4, 1), 2.5))


def test_model_with_the_penalty_is_loaded_with_it(tmp_path):
    penalty = GroupLasso(0.5, "outgoing", scale_by_size=True)
    dense = keras.layers.Dense(3, kernel_regularizer=penalty)
    keras.Sequential([keras.Input((2,)), dense]).save(tmp_path / "model.keras")

    loaded = keras.models.load_model(tmp_path / "model.keras").layers[0]

    assert type(loaded.kernel_regularizer) is GroupLasso
    assert loaded.kernel_regularizer.get_config() == penalty.get_config()


@pytest.mark.parametrize("strength", [-1e-9, float("nan"), float("inf"), "0.1", None])
def test_strength_must_be_a_number_of_at_least_zero(strength):
    with pytest.raises(ValueError, match=r"`strength` must be a number in \[0, inf\)"):
        GroupLasso(strength)


@pytest.mark.parametrize("groups", ["columns", -1, None])
def test_groups_must_be_known(groups):
    with pytest.raises(ValueError, match="`groups` must be one of 'incoming', 'outgo"):
        GroupLasso(0.1, groups)


def test_scale_by_size_must_be_boolean():
    with pytest.raises(TypeError, match="`scale_by_size` must be True or False"):
        GroupLasso(0.1, scale_by_size=2)


def test_bias_has_no_outgoing_groups():
    with pytest.raises(ValueError, match=r"`axis` must be an axis.*\(3,\).*axis=-2"):
        GroupLasso(0.1, "outgoing")(np.ones(3))


@pytest.mark.parametrize("gates", [0, 1.5, True])
def test_gates_must_be_a_positive_integer(gates):
    with pytest.raises(ValueError, match="`gates` must be a positive integer"):
        GroupLasso(0.1, gates=gates)


def test_gates_must_divide_the_units():
    with pytest.raises(ValueError, match=r"`gates` must divide .*\(2, 6\).*gates=4"):
        GroupLasso(0.1, gates=4)(np.ones((2, 6)))
