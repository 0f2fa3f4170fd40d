import pytest

from tfcompress.tuner.budget import Budget

BEFORE = {"bytes": 1000, "macs": 10, "accuracy": 0.9}


def test_within_the_limits_accuracy_counts():
    assert Budget(bytes=500).score({"bytes": 500, "accuracy": 0.7}) == 0.7


def test_beyond_them_the_excess_counts_and_accuracy_does_not():
    budget = Budget(bytes=500, macs=4)
    assert budget.score({"bytes": 750, "macs": 5, "accuracy": 1.0}) == -0.75


def test_anything_within_is_above_anything_beyond():
    budget = Budget(bytes=500)
    bad = budget.score({"bytes": 500, "accuracy": 0.01})
    good = budget.score({"bytes": 501, "accuracy": 0.99})
    assert bad > good


def test_a_drop_is_against_the_model_before():
    budget = Budget(bytes=500, accuracy_drop=0.05)
    assert budget.score({"bytes": 400, "accuracy": 0.85}, BEFORE) == 0.85
    assert budget.excess({"bytes": 400, "accuracy": 0.8}, BEFORE) == pytest.approx(0.05)


def test_with_a_drop_alone_the_smaller_file_is_better():
    budget = Budget(accuracy_drop=0.05)
    assert budget.score({"bytes": 250, "accuracy": 0.86}, BEFORE) == 0.75
    assert budget.score({"bytes": 100, "accuracy": 0.8}, BEFORE) < 0


def test_a_time_is_a_limit_too():
    budget = Budget(latency_us=10.0)
    assert budget.limits == {"latency_us": 10.0}
    assert budget.score({"latency_us": 15.0, "accuracy": 1.0}) == -0.5


@pytest.mark.parametrize(
    "limits",
    [{}, {"bytes": 0}, {"bytes": 1.5}, {"latency_us": 0}, {"accuracy_drop": 1.0}],
)
def test_what_is_no_limit_is_refused(limits):
    with pytest.raises(ValueError, match="must be"):
        Budget(**limits)
