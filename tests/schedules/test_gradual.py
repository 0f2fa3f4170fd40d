import itertools

import pytest

from tfcompress.schedules.polynomial import Polynomial


def test_updates_are_due_on_the_beat_from_begin_and_at_the_end():
    schedule = Polynomial(0.9, begin=2, end=12, frequency=4)

    assert [t for t in range(20) if schedule.due(t)] == [2, 6, 10, 12]


@pytest.mark.parametrize(("steps", "gap"), [(30, 1), (150, 3), (4999, 99), (9000, 100)])
def test_a_ramp_has_fifty_updates_or_one_every_hundred_steps(steps, gap):
    schedule = Polynomial(0.9, begin=7, end="100%").resolve(steps + 7, epochs=1)

    due = [t for t in range(steps + 8) if schedule.due(t)]

    assert {after - before for before, after in itertools.pairwise(due[:-1])} == {gap}
    assert (due[0], due[-1]) == (7, steps + 7)


def test_nothing_is_removed_before_begin():
    schedule = Polynomial(0.9, initial=0.5, begin=2, end=12)

    assert [schedule.sparsity(t) for t in (0, 1, 2)] == [0.0, 0.0, 0.5]


def test_share_of_the_run_and_epochs_mix():
    schedule = Polynomial(0.9, begin="10%", end="2.5 epochs", frequency=3)

    resolved = schedule.resolve(steps_per_epoch=20, epochs=4)

    assert (resolved.begin, resolved.end, resolved.frequency) == (8, 50, 3)


def test_ramp_no_longer_than_its_frequency_warns():
    schedule = Polynomial(0.9, begin="10%", end="60%", frequency=10)

    with pytest.warns(UserWarning, match="has 10 steps .* at once.* frequency=10"):
        schedule.resolve(steps_per_epoch=10, epochs=2)


def test_end_before_begin_in_other_units_is_refused_with_the_run():
    schedule = Polynomial(0.9, begin="2 epochs", end="30%")

    message = "not be before `begin`, '2 epochs': step 12 before 20.* end='30%'"
    with pytest.raises(ValueError, match=message):
        schedule.resolve(steps_per_epoch=10, epochs=4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"final": 1.0}, r"`final` must be a number in \[0, 1\)"),
        ({"final": -0.1}, r"`final` must be a number in \[0, 1\)"),
        ({"final": "90%"}, r"`final` must be a number in \[0, 1\)"),
        ({"final": float("nan")}, r"`final` must be a number in \[0, 1\)"),
        ({"initial": -0.1}, "`initial` must be a number in"),
        ({"initial": 0.95}, "`initial` must be at most `final`, 0.9"),
        ({"frequency": 0}, "`frequency` must be a positive integer"),
        ({"frequency": 2.5}, "`frequency` must be a positive integer"),
        ({"begin": 20, "end": 10}, "`end` must not be before `begin`, 20"),
        ({"begin": "soon"}, "`begin` must be a step"),
        ({"end": -5}, "`end` must be a step"),
    ],
)
def test_refusals(options, message):
    with pytest.raises(ValueError, match=message):
        Polynomial(**{"final": 0.9, **options})
