import pytest

from tfcompress.schedules.position import check_position, to_step


@pytest.mark.parametrize(
    ("position", "step"),
    [
        (0, 0),
        (7, 7),
        ("3 epochs", 30),
        ("1 epoch", 10),
        ("2.5 epochs", 25),
        ("0 epochs", 0),
        ("10%", 4),
        ("12.5 %", 5),
        ("100%", 40),
        (" 50% ", 20),
    ],
)
def test_position_is_a_step_of_the_run(position, step):
    assert to_step("end", position, steps_per_epoch=10, epochs=4) == step


@pytest.mark.parametrize(
    "position",
    [-1, 1.5, True, None, "", "10", "epochs", "-1 epochs", "101%", "3 epoch s", "1e3%"],
)
def test_what_is_no_position_is_refused(position):
    with pytest.raises(ValueError, match=r"`end` must be a step .*epochs.*'10%'.*end="):
        check_position("end", position)
