import numpy as np
import pytest
from linear import fit, still

from tfcompress.callbacks.regrow_randomly import RegrowRandomly
from tfcompress.schedules.constant import Constant

X, Y = np.ones((80, 10)), np.zeros((80, 10))


def test_what_grows_is_drawn_from_all_removed_weights():
    regrow = RegrowRandomly(
        Constant(0.6), fraction=1.0, frequency=5, until="100%", seed=1
    )
    kept = []
    exchange = regrow._exchange

    def watched(weight, part):
        exchange(weight, part)
        kept.append(weight.kept.ravel().copy())

    regrow._exchange = watched
    fit(
        still(np.arange(1, 101).reshape(10, 10)),
        regrow,
        Y,
        x=X,
        batch_size=8,
    )

    # Of 40 the weaker 20 went, and 20 of the 60 that had been removed grew.
    [after] = kept
    assert after[80:].all()
    assert not after[60:80].any()
    assert after[:60].sum() == 20
    assert after[:20].any()
    assert after[40:60].any()


def test_step_and_seed_decide():
    def draw(seed, step):
        regrow = RegrowRandomly(Constant(0.5), seed=seed)
        model = still(np.ones((2, 2)))
        regrow._weights = [type("W", (), {"variable": model.layers[0].kernel})()]
        regrow._step = step
        values = regrow.growth(model.layers[0].kernel)
        regrow._weights = []
        return values.tolist()

    assert draw(1, 5) == draw(1, 5)
    assert draw(1, 5) != draw(1, 6)
    assert draw(1, 5) != draw(2, 5)


def test_seed_must_be_a_whole_number():
    with pytest.raises(ValueError, match="`seed` must be an integer of at least 0"):
        RegrowRandomly(Constant(0.5), seed=-1)
