import keras
import numpy as np
import pytest
from tuning import VALIDATION, X, Y

from tfcompress.methods.units import Units
from tfcompress.runtime.tflite_model import TFLiteModel
from tfcompress.tuner.budget import Budget
from tfcompress.tuner.tune import tune
from tfcompress.tuner.workbench import Workbench


def test_the_file_is_within_the_budget_and_is_what_was_measured(tuned):
    tuning, _ = tuned
    assert tuning.met
    assert tuning.path.stat().st_size == tuning.best.bytes <= 5500
    assert tuning.best.accuracy == TFLiteModel(tuning.path).evaluate(*VALIDATION)
    assert tuning.best.bytes < tuning.baseline.bytes


def test_the_model_is_the_one_in_the_file(tuned):
    tuning, _ = tuned
    outputs = TFLiteModel(tuning.path).predict(X[:8])
    np.testing.assert_allclose(tuning.model(X[:8]), outputs, atol=0.05)


def test_the_search_tells_what_one_ratio_for_all_would_have_given(tuned):
    tuning, _ = tuned
    everything, *single = tuning.searches
    assert everything["methods"] == ["Units", "LowRank"]
    assert [one["methods"] for one in single] == [["Units"], ["LowRank"]]
    assert everything["found"] >= everything["uniform"]


def test_a_finished_trial_is_not_repeated(tuned, monkeypatch):
    tuning, search = tuned
    (tuning.trials[1].folder / "trial.json").unlink()  # killed in the second
    trained = []
    monkeypatch.setattr(Workbench, "train", lambda *args: trained.append(args))
    again = search()
    assert len(trained) == 1
    assert again.trials[0] == tuning.trials[0]
    assert again.trials[1].compression == tuning.trials[1].compression


def test_the_folder_of_another_search_is_refused(tuned):
    with pytest.raises(ValueError, match="one with other alpha"):
        tuned[1](alpha=0.1)


def test_a_budget_that_cannot_be_met_is_said_to_be(missed):
    assert not missed.met
    assert missed.best.bytes > 100
    assert "`bytes=100` is out of reach" in missed.obstacle
    assert "Layer 'a' stands in the way" in missed.obstacle
    assert missed.path.exists()  # the nearest


def test_with_a_drop_alone_a_small_file_is_looked_for(trained, tmp_path):
    tuning = tune(
        trained,
        (X[:90], Y[:90]),
        budget=Budget(accuracy_drop=0.9),  # anything will do
        folder=tmp_path,
        validation_data=VALIDATION,
        methods=[Units()],
        ratios=[0.25],
        trials=2,
        epochs=0,
        candidates=2,
    )
    assert tuning.met
    sizes = [trial.bytes for trial in tuning.trials]
    assert len(sizes) == 2
    assert tuning.best.bytes == min(sizes) < tuning.baseline.bytes / 2


def test_a_model_that_cannot_be_trained_again_is_refused(tmp_path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    options = {"budget": Budget(bytes=1), "folder": tmp_path}
    with pytest.raises(ValueError, match="`model` must be compiled"):
        tune(model, (X, Y), **options)
    sequences = keras.Sequential([keras.Input((2, 2)), keras.layers.Dense(2)])
    sequences.compile("sgd", "mse")
    with pytest.raises(ValueError, match="`model` must have one output, a row"):
        tune(sequences, (X, Y), **options)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"budget": 5000}, TypeError),
        ({"methods": ["Units"]}, TypeError),
        ({"trials": 0}, ValueError),
        ({"quantize": "int3"}, ValueError),
        ({"alpha": 2.0}, ValueError),
    ],
)
def test_what_makes_no_sense_is_refused(wrong, kind, tmp_path, trained):
    options = {"budget": Budget(bytes=1), "folder": tmp_path, **wrong}
    with pytest.raises(kind, match=f"`{next(iter(wrong))}` must be"):
        tune(trained, (X, Y), **options)
