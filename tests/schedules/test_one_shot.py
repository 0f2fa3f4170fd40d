import pytest

from tfcompress.schedules.one_shot import OneShot


def test_all_goes_at_one_step():
    schedule = OneShot(0.5, at="25%").resolve(steps_per_epoch=4, epochs=2)

    assert [t for t in range(9) if schedule.due(t)] == [2]
    assert [schedule.sparsity(t) for t in (1, 2, 8)] == [0.0, 0.5, 0.5]


@pytest.mark.parametrize("final", [1, -0.5, None])
def test_sparsity_must_be_in_its_range(final):
    with pytest.raises(ValueError, match=r"`final` must be a number in \[0, 1\)"):
        OneShot(final)


def test_at_must_be_a_position():
    with pytest.raises(ValueError, match="`at` must be a step"):
        OneShot(0.5, at="half")
