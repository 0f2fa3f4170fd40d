import json


def test_the_front_has_the_most_accurate_of_each_size(tuned):
    tuning, _ = tuned
    assert tuning.best.accuracy == tuning.front[-1].accuracy
    sizes = [trial.bytes for trial in tuning.front]
    assert sizes == sorted(sizes)


def test_the_text_says_whether_the_budget_is_met(tuned, missed):
    assert str(tuned[0]).startswith("The budget is met.\nBest: ")
    assert str(missed).startswith("The budget is not met.\n`bytes=100` is out of reach")


def test_json_holds_every_trial(tuned, tmp_path):
    tuned[0].to_json(tmp_path / "tuned.json")
    written = json.loads((tmp_path / "tuned.json").read_text())
    assert written["met"]
    assert written["trials"][written["best"]]["bytes"] == tuned[0].best.bytes


def test_the_report_is_of_the_best_beside_the_model_before(tuned):
    tuning, _ = tuned
    report = tuning.report()
    assert report.baseline.total.parameters == tuning.model_before.count_params()
    assert report.total.parameters == tuning.model.count_params()


def test_no_trial_failed(tuned):
    assert tuned[0].failures == []
