import pytest

from tfcompress.schedules.constant import Constant


def test_the_only_update_is_due_before_the_first_step():
    schedule = Constant(0.5).resolve(steps_per_epoch=4, epochs=2)

    assert [t for t in range(9) if schedule.due(t)] == [0]
    assert {schedule.sparsity(t) for t in range(9)} == {0.5}


@pytest.mark.parametrize("final", [1, -0.5, None])
def test_sparsity_must_be_in_its_range(final):
    with pytest.raises(ValueError, match=r"`final` must be a number in \[0, 1\)"):
        Constant(final)
