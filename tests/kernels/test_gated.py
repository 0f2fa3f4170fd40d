import numpy as np
import pytest

from tfcompress.kernels.generalized_dropout import GeneralizedDropout
from tfcompress.kernels.hard_concrete import HardConcrete

GATED = (HardConcrete, GeneralizedDropout)


def _built(method, shape, **options):
    kernel = method(strength=1e-3, seed=0, **options)
    kernel.build(shape)
    return kernel


@pytest.mark.parametrize(
    ("groups", "gate", "size"),
    [
        ("weight", (3, 3, 4, 5), 1),
        ("input", (1, 1, 4, 1), 45),
        ("output", (1, 1, 1, 5), 36),
    ],
)
def test_a_gate_stands_for_its_group(groups, gate, size):
    kernel = _built(HardConcrete, (3, 3, 4, 5), groups=groups)
    assert kernel.gate.shape == gate
    assert kernel.group_size == size
    gates = np.full(gate, -4.0)
    gates.flat[1] = 4.0
    kernel.gate.assign(gates)
    assert np.count_nonzero(kernel.full()) == size


@pytest.mark.parametrize("method", GATED)
@pytest.mark.parametrize("groups", ["weight", "input", "output"])
def test_trained_weights_are_started_from_exactly(method, groups, rng):
    kernel = _built(method, (4, 5), groups=groups, drop_rate=0.7)
    assert kernel.encode(rng.normal(size=(4, 5))) < 1e-6


@pytest.mark.parametrize("method", GATED)
@pytest.mark.parametrize("groups", ["weight", "input", "output"])
def test_rows_are_those_of_the_weight(method, groups):
    kernel = _built(method, (4, 5), groups=groups)
    rows = kernel.rows(np.array([[2, 0], [3, 2]]))
    expected = np.array(kernel.full())[[[2, 0], [3, 2]]]
    np.testing.assert_array_equal(rows, expected)


@pytest.mark.parametrize("method", GATED)
def test_gates_are_drawn_anew_in_training_only(method):
    kernel = _built(method, (20, 20), groups="weight")
    assert (np.array(kernel.full(True)) != np.array(kernel.full(True))).any()
    np.testing.assert_array_equal(kernel.full(), kernel.full())


@pytest.mark.parametrize("method", GATED)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"groups": "row"}, "`groups` must be one of 'weight', 'input', 'output'"),
        ({"drop_rate": 0}, r"`drop_rate` must be a number in \(0, 0.9\)"),
        ({"drop_rate": 0.9}, r"`drop_rate` must be a number in \(0, 0.9\)"),
    ],
)
def test_bad_options_are_refused(method, options, message):
    with pytest.raises(ValueError, match=message):
        method(strength=1e-3, **options)


def test_a_bias_has_no_inputs():
    with pytest.raises(ValueError, match="`groups` must be 'weight' for a weight of"):
        _built(HardConcrete, (4,), groups="input")


def test_a_constraint_cannot_hold():
    kernel = HardConcrete(strength=1e-3)
    with pytest.raises(ValueError, match="_constraint` must be None"):
        kernel.build((4, 5), constraint="non_neg")
