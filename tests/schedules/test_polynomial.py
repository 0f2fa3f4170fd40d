import pytest

from tfcompress.schedules.polynomial import Polynomial


# The part that is left, (1 - p)^3, is 1, 27/64, 1/8 and 0 of the way from 0.2 to 0.84.
@pytest.mark.parametrize(
    ("step", "sparsity"), [(10, 0.2), (15, 0.57), (20, 0.76), (30, 0.84)]
)
def test_sparsity_follows_the_cubic(step, sparsity):
    schedule = Polynomial(0.84, initial=0.2, begin=10, end=30)

    assert schedule.sparsity(step) == pytest.approx(sparsity)


def test_power_one_is_a_straight_line():
    schedule = Polynomial(0.8, end=4, power=1)

    assert [schedule.sparsity(t) for t in range(5)] == pytest.approx(
        [0.0, 0.2, 0.4, 0.6, 0.8]
    )


@pytest.mark.parametrize("power", [0, -1, "3", float("inf")])
def test_power_must_be_positive(power):
    with pytest.raises(ValueError, match=r"`power` must be a number in \(0, inf\)"):
        Polynomial(0.9, power=power)
