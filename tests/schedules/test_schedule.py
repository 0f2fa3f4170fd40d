import json

import pytest

from tfcompress.schedules.constant import Constant
from tfcompress.schedules.cosine import Cosine
from tfcompress.schedules.exponential import Exponential
from tfcompress.schedules.one_shot import OneShot
from tfcompress.schedules.polynomial import Polynomial
from tfcompress.schedules.schedule import Schedule

SCHEDULES = [
    Constant(0.5),
    OneShot(0.5, at="2 epochs"),
    Polynomial(0.9, initial=0.2, begin="10%", end="1.5 epochs", frequency=7, power=2),
    Cosine(0.75, end=30, frequency=4),
    Exponential(0.5, begin=3, end="60%", frequency=1),
]
each = pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: type(s).__name__)


@each
def test_config_survives_json(schedule):
    config = json.loads(json.dumps(schedule.get_config()))

    assert Schedule.from_config(config) == schedule


@each
def test_final_sparsity_holds_from_the_end_on_and_an_update_is_due_there(schedule):
    resolved = schedule.resolve(steps_per_epoch=20, epochs=3)

    assert resolved.due(resolved.end)
    assert {resolved.sparsity(t) for t in range(resolved.end, 61)} == {schedule.final}


@each
def test_sparsity_never_falls_and_stays_in_its_range(schedule):
    resolved = schedule.resolve(steps_per_epoch=20, epochs=3)

    values = [resolved.sparsity(t) for t in range(61)]

    assert values == sorted(values)
    assert 0 <= values[0] <= values[-1] == schedule.final


@each
def test_no_update_is_due_after_the_end(schedule):
    resolved = schedule.resolve(steps_per_epoch=20, epochs=3)

    assert not any(resolved.due(t) for t in range(resolved.end + 1, 61))


def test_schedules_are_values():
    assert Polynomial(0.9) == Polynomial(0.9) != Polynomial(0.8)
    with pytest.raises(AttributeError):
        Polynomial(0.9).final = 0.5


@pytest.mark.parametrize(
    ("schedule", "name"),
    [
        (Polynomial(0.9, end=61), "end"),
        (Polynomial(0.9, end="4 epochs"), "end"),
        (Cosine(0.9, begin=70, end=80), "begin"),
        (OneShot(0.9, at="3.5 epochs"), "at"),
    ],
)
def test_run_that_is_too_short_is_refused(schedule, name):
    rule = rf"`{name}` must lie within the run, which ends at step 60 .3 epochs of 20"
    with pytest.raises(ValueError, match=rule + r".*Train for longer.*'70%'"):
        schedule.resolve(steps_per_epoch=20, epochs=3)


def test_the_last_step_of_the_run_is_within_it():
    assert OneShot(0.9, at="3 epochs").resolve(20, 3).at == 60


@pytest.mark.parametrize("schedule", [Polynomial(0.9), OneShot(0.9)])
@pytest.mark.parametrize("question", ["sparsity", "due"])
def test_positions_must_be_steps_to_be_asked_about_one(schedule, question):
    with pytest.raises(ValueError, match=r"Call `resolve\(steps_per_epoch, epochs\)`"):
        getattr(schedule, question)(3)


@pytest.mark.parametrize("config", [{}, {"schedule": "Sudden", "final": 0.5}])
def test_config_of_no_schedule_is_refused(config):
    with pytest.raises(ValueError, match="`schedule` must be one of 'Constant', "):
        Schedule.from_config(config)


@pytest.mark.parametrize(("steps", "epochs"), [(0, 3), (20, 0), (2.5, 3)])
def test_run_must_have_whole_positive_length(steps, epochs):
    with pytest.raises(ValueError, match="must be a positive integer"):
        Constant(0.5).resolve(steps, epochs)
