import keras
import keras_tuner
import pytest
from tuning import VALIDATION, X, Y, network

from tfcompress.kernels.low_rank import LowRank
from tfcompress.methods.converted import Converted
from tfcompress.methods.units import Units
from tfcompress.runtime.tflite_model import TFLiteModel
from tfcompress.tuner.budget import Budget
from tfcompress.tuner.compression_hyper_model import CompressionHyperModel
from tfcompress.tuner.trial import Trial
from tfcompress.tuner.workbench import Workbench

# KerasTuner's own: it asks protobuf and TensorBoard for what is about to go.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def make(trained, tmp_path):
    def made(model=trained, **other):
        options = {"budget": Budget(bytes=6000), "folder": tmp_path / "trials"}
        options |= {"validation_data": VALIDATION, "ratios": (1.0, 0.5), **other}
        return CompressionHyperModel(model, (X[:90], Y[:90]), **options)

    return made


@pytest.fixture
def quick(monkeypatch):
    """Files are not written: their size is that of the weights."""

    def keep(bench, folder, model, compression):
        folder.mkdir(exist_ok=True)
        figures = {"bytes": model.count_params(), "accuracy": 0.5}
        score = bench.budget.score(figures)
        trial = Trial(folder, compression, score=score, within=True, **figures)
        trial.write()
        return trial

    monkeypatch.setattr(Workbench, "keep", keep)


TUNERS = {
    "random": (keras_tuner.RandomSearch, {"max_trials": 3}),
    "bayes": (keras_tuner.BayesianOptimization, {"max_trials": 3}),
    "hyperband": (keras_tuner.Hyperband, {"max_epochs": 2, "factor": 2}),
    "grid": (keras_tuner.GridSearch, {"max_trials": 3}),
}


def search(hyper, directory, name="random", **other):
    kind, options = TUNERS[name]
    directory = {"directory": directory, "project_name": name}
    tuner = kind(hyper, hyper.objective, **directory, **{**options, **other})
    tuner.search(verbose=0, **({} if name == "hyperband" else {"epochs": 1}))
    return tuner


@pytest.mark.parametrize("name", list(TUNERS))
def test_every_tuner_searches_by_one_score(make, quick, tmp_path, name):
    hyper = make(layers=["[ab]"], methods=[Units()], ratios=(0.7, 0.6, 0.5))
    tuner = search(hyper, tmp_path, name)
    [best] = tuner.oracle.get_best_trials(1)
    kept = hyper.trial(best.hyperparameters)
    assert best.score == kept.score == hyper.best().score
    assert len(hyper.trials()) == len(tuner.oracle.trials) >= 3


def test_scores_are_those_of_the_file(make, tmp_path):
    hyper = make()
    tuner = search(hyper, tmp_path, max_trials=1)
    [trial] = tuner.oracle.get_best_trials(1)
    kept = hyper.trial(trial.hyperparameters)
    assert kept.path.stat().st_size == kept.bytes
    assert TFLiteModel(kept.path).evaluate(*VALIDATION) == kept.accuracy
    assert trial.score == hyper.bench.budget.score(kept.figures)
    assert trial.metrics.get_best_value("bytes") == kept.bytes
    assert kept.model().count_params() < 5000


def test_a_trial_that_fails_says_why_and_the_search_goes_on(make, quick, tmp_path):
    hyper = make(methods=[Converted(LowRank)], layers=["head"], ratios=(1.0, 0.01))
    tuner = search(hyper, tmp_path, "grid")
    [failed] = hyper.failures()
    assert failed.fault.startswith("Layer 'head' cannot be converted.")
    assert "head: LowRank 0.01" in str(failed)
    states = sorted(trial.status for trial in tuner.oracle.trials.values())
    assert states == ["COMPLETED", "FAILED"]


def test_a_search_goes_on_where_it_was(make, quick, tmp_path, monkeypatch):
    space = {"layers": ["[ab]"], "methods": [Units()], "ratios": (0.7, 0.6, 0.5)}
    train, trained = Workbench.train, []

    def counting(bench, model, *args, **options):
        trained.append(model)
        if len(trained) == 2:
            raise KeyboardInterrupt
        return train(bench, model, *args, **options)

    monkeypatch.setattr(Workbench, "train", counting)
    with pytest.raises(KeyboardInterrupt):
        search(make(**space), tmp_path)
    tuner = search(make(**space), tmp_path)
    assert len(tuner.oracle.trials) == 3
    assert len(trained) == 4  # the one that was cut is trained again, the first is not


def test_trials_of_another_budget_or_model_are_not_mixed_in(make):
    make()
    with pytest.raises(ValueError, match="`folder` .* with other budget"):
        make(budget=Budget(bytes=5000))
    smaller = keras.Sequential([keras.Input((16,)), keras.layers.Dense(3, "softmax")])
    smaller.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="`folder` .* with other model, teacher"):
        make(model=smaller)


def test_a_glob_is_one_choice_for_all_it_names(make):
    hp = keras_tuner.HyperParameters()
    small = make(layers=["[ab]"], ratios=(0.5, 1.0), methods=[Units()]).build(hp)
    assert hp.values["ratio/[ab]"] == 0.5
    assert [small.get_layer(name).units for name in "ab"] == [32, 16]


def test_a_function_may_make_the_model(make):
    def fresh(hp):
        keras.backend.clear_session()
        model = keras.Sequential(
            [
                keras.Input((16,)),
                keras.layers.Dense(hp.Int("width", 8, 16), name="a"),
                keras.layers.Dense(3, "softmax", name="head"),
            ]
        )
        model.compile("adam", "sparse_categorical_crossentropy")
        return model

    hyper = make(fresh, methods=[Units()], ratios=(0.5,))
    hp = keras_tuner.HyperParameters()
    assert hyper.build(hp).get_layer("a").units == 4
    assert hyper.compression(hp).choices["a"] == (Units(), 0.5)
    assert hyper.bench.teacher is None


def test_the_format_and_the_teacher_are_searched_for_where_there_is_a_choice(make):
    hp = keras_tuner.HyperParameters()
    hyper = make(quantize=[None, "dynamic"], alpha=[0.0, 0.5])
    hyper.build(hp)
    assert hyper.compression(hp).quantize is None
    hp.values |= {"quantize": "dynamic", "alpha": 0.5}
    made = hyper.compression(hp)
    assert (made.quantize, made.alpha) == ("dynamic", 0.5)


@pytest.mark.parametrize(
    ("wrong", "kind", "message"),
    [
        ({"model": "model.keras"}, TypeError, "`model` must be a `keras.Model`"),
        ({"budget": 3}, TypeError, "`budget` must be"),
        ({"methods": [Units]}, TypeError, "`methods` must be"),
        ({"ratios": [0.0]}, ValueError, "`ratios` must be"),
        ({"quantize": "int3"}, ValueError, "`quantize` must be"),
        ({"alpha": 2.0}, ValueError, "`alpha` must be"),
        (
            {"model": lambda hp: None, "budget": Budget(accuracy_drop=0.1)},
            ValueError,
            "`budget` must",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(make, wrong, kind, message):
    with pytest.raises(kind, match=message):
        make(**wrong)


def test_data_are_not_given_twice(make):
    hp = keras_tuner.HyperParameters()
    hyper = make()
    with pytest.raises(keras_tuner.errors.FatalValueError, match="takes no data"):
        hyper.fit(hp, hyper.build(hp), X, Y)


def test_without_a_trial_there_is_no_best(make):
    with pytest.raises(ValueError, match="must hold a trial that did not fail"):
        make().best()


def test_the_network_of_these_tests_has_learned_something():
    accuracy = (network()(VALIDATION[0]).numpy().argmax(-1) == VALIDATION[1]).mean()
    assert accuracy > 0.8
