import keras
import numpy as np
import pytest

from tfcompress.regularizers.drop_neuron import DropNeuron
from tfcompress.regularizers.group_lasso import GroupLasso

KERNEL = np.array([[3.0, 0.0], [4.0, 2.0]], "float32")


def test_penalty_weighs_columns_and_rows_with_no_factor_for_their_size():
    penalty = DropNeuron(incoming=0.5, outgoing=0.1)(KERNEL)
    np.testing.assert_allclose(penalty, 0.5 * (5 + 2) + 0.1 * (3 + 20**0.5), rtol=1e-6)


def test_equal_factors_are_group_lasso_of_both(rng):
    kernel = rng.normal(size=(3, 3, 4, 5))
    penalty = DropNeuron(incoming=0.3, outgoing=0.3)(kernel)
    np.testing.assert_allclose(penalty, GroupLasso(0.3, "both")(kernel))


def test_default_is_that_of_the_paper_s_code():
    assert DropNeuron().get_config() == {"incoming": 5e-4 * 0.1, "outgoing": 5e-4 * 0.1}


def test_serialized_penalty_keeps_its_factors():
    config = keras.regularizers.serialize(DropNeuron(0.1, outgoing=0.2))

    copy = keras.regularizers.deserialize(config)

    assert (type(copy), copy.incoming, copy.outgoing) == (DropNeuron, 0.1, 0.2)


@pytest.mark.parametrize("name", ["incoming", "outgoing"])
@pytest.mark.parametrize("value", [-1.0, float("nan"), "1"])
def test_factors_must_be_numbers_of_at_least_zero(name, value):
    with pytest.raises(ValueError, match=rf"`{name}` must be a number in \[0, inf\)"):
        DropNeuron(**{name: value})


def test_proximal_step_is_that_of_columns_then_that_of_rows():
    step = DropNeuron(incoming=2.5, outgoing=1.0).proximal_step(KERNEL, 1.0)
    # Norms 5 and 2 leave a column (1.5, 2); its rows, of norm 1.5 and 2, lose 1.
    np.testing.assert_allclose(step, [[0.5, 0.0], [1.0, 0.0]], rtol=1e-6)


def test_weight_with_one_axis_is_refused():
    with pytest.raises(ValueError, match="`axis` must be an axis of the weight"):
        DropNeuron()(np.ones(3))
