import json
import subprocess
import sys

import pytest

from tfcompress.schedules.foreign import Foreign, as_schedule
from tfcompress.schedules.polynomial import Polynomial


class Ramp:
    """Has the form of a tensorflow_model_optimization schedule."""

    def __init__(self, begin_step=0, end_step=10):
        self.begin_step, self.end_step = begin_step, end_step

    def __call__(self, step):
        return step % 4 == 0, min(step, 10) / 20


def test_both_questions_go_to_the_foreign_schedule():
    schedule = Foreign(Ramp())

    assert [t for t in range(12) if schedule.due(t)] == [0, 4, 8, 10]  # 10: the end
    assert [schedule.sparsity(t) for t in (0, 4, 10, 11)] == [0.0, 0.2, 0.5, 0.5]


def test_forever_has_only_its_begin_to_reach():
    assert Foreign(Ramp(begin_step=3, end_step=-1)).end == 3


def test_without_an_end_none_is_known():
    schedule = Foreign(lambda step: (True, 0.5))

    assert schedule.end is None
    assert schedule.resolve(1, 1) is schedule


def test_own_schedule_is_taken_as_it_is():
    schedule = Polynomial(0.9)

    assert as_schedule(schedule) is schedule
    assert isinstance(as_schedule(Ramp()), Foreign)


def test_run_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match=r"`end_step` must lie within the run.*step 9"):
        Foreign(Ramp()).resolve(steps_per_epoch=3, epochs=3)


@pytest.mark.parametrize("schedule", [0.9, "90%", None, lambda step: 0.9])
def test_what_is_no_schedule_is_refused(schedule):
    with pytest.raises(TypeError, match="`schedule` must be a schedule of `tfcompress"):
        as_schedule(schedule)


def test_sparsity_out_of_range_is_refused_when_asked():
    with pytest.raises(ValueError, match=r"`schedule\(3\)\[1\]` must be a number in"):
        Foreign(lambda step: (True, 90.0)).sparsity(3)


def test_foreign_schedule_has_no_config():
    with pytest.raises(TypeError, match="to be written as data"):
        Foreign(Ramp()).get_config()


TFMOT = """
import json
import tensorflow_model_optimization as tfmot
from tfcompress.schedules.foreign import Foreign

ramp = Foreign(tfmot.sparsity.keras.PolynomialDecay(0.2, 0.9, 10, 30, frequency=7))
due = [t for t in range(40) if ramp.due(t)]
flat = Foreign(tfmot.sparsity.keras.ConstantSparsity(0.9, begin_step=5, frequency=6))
print(json.dumps([due, [ramp.sparsity(t) for t in due], flat.end, flat.sparsity(5)]))
"""


def test_schedules_of_tfmot_are_accepted():
    # In its own process: the import changes the environment of the one it is in.
    run = [sys.executable, "-c", TFMOT]
    output = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    due, sparsities, flat_end, flat = json.loads(output.splitlines()[-1])

    own = Polynomial(0.9, initial=0.2, begin=10, end=30, frequency=7)
    assert due == [10, 17, 24, 30]
    assert sparsities == pytest.approx([own.sparsity(t) for t in due], abs=1e-6)
    assert sparsities[-1] == 0.9
    assert (flat_end, flat) == (5, 0.9)
