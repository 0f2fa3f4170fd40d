import keras
import numpy as np
import pytest
from linear import fit, still

from tfcompress.callbacks.regrowth import Regrowth
from tfcompress.patterns.block import Block
from tfcompress.patterns.n_of_m import NofM
from tfcompress.schedules.constant import Constant

X, Y = np.ones((80, 4)), np.zeros((80, 5))
KERNEL = np.arange(1, 21).reshape(4, 5)


class RegrowInOrder(Regrowth):
    """Lets the first removed weights grow first."""

    def growth(self, variable):
        return -np.arange(20.0).reshape(4, 5)


def masks(regrow, kernel=KERNEL, **options):
    """Returns the mask after each step of a model that does not learn."""
    seen, model = [], still(kernel)
    advance = regrow._advance

    def watched(step):
        advance(step)
        seen.append(regrow._weights[0].kept.copy())

    regrow._advance = watched
    fit(model, regrow, Y, x=X, **{"batch_size": 8, **options})
    return seen[1:]


def test_the_weakest_go_and_as_many_grow():
    # 8 of 20 are left, 13 to 20. At step 5 of 10 half of a fraction of 1/2 is a quarter.
    regrow = RegrowInOrder(Constant(0.6), fraction=0.5, frequency=5, until="100%")

    seen = masks(regrow)

    assert np.flatnonzero(seen[3]).tolist() == [12, 13, 14, 15, 16, 17, 18, 19]
    assert np.flatnonzero(seen[4]).tolist() == [0, 1, 14, 15, 16, 17, 18, 19]


def test_grown_weights_begin_at_zero_and_learn():
    model = still(KERNEL)
    model.compile(keras.optimizers.SGD(0.01), "mse")
    regrow = RegrowInOrder(Constant(0.6), fraction=0.5, frequency=9, until="100%")

    fit(model, regrow, Y, x=X, batch_size=8)  # one step after the exchange at 9

    kernel = model.layers[0].kernel.numpy().ravel()
    assert np.count_nonzero(kernel) == 8


def test_sparsity_stays_as_it_was():
    regrow = RegrowInOrder(Constant(0.6), frequency=1, until="100%")

    assert {int(mask.sum()) for mask in masks(regrow)} == {8}


def test_exchanges_end():
    regrow = RegrowInOrder(Constant(0.6), fraction=1.0, frequency=1, until=5)

    seen = masks(regrow)

    assert (seen[4] == seen[-1]).all()
    assert (seen[0] != seen[4]).any()


def test_groups_are_exchanged_as_one():
    regrow = RegrowInOrder(
        Constant(0.5), fraction=1.0, frequency=2, until="100%", pattern=Block((2, 1))
    )

    for mask in masks(regrow):
        assert set(mask.reshape(2, 2, 5).sum(1).ravel()) == {0, 2}
        assert mask.sum() == 10


def test_pattern_whose_groups_depend_on_each_other_is_refused():
    with pytest.raises(ValueError, match="`pattern` must have groups that are free"):
        RegrowInOrder(Constant(0.5), pattern=NofM(2, 4))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fraction": 0}, r"`fraction` must be a number in \(0, 1\]"),
        ({"frequency": 0}, "`frequency` must be a positive integer"),
        ({"until": "half"}, "`until` must be a step"),
    ],
)
def test_arguments_outside_their_range_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        RegrowInOrder(Constant(0.5), **options)


def test_end_beyond_the_run_is_refused():
    with pytest.raises(ValueError, match=r"`until` must lie within the run.* step 10"):
        masks(RegrowInOrder(Constant(0.5), until=11))
