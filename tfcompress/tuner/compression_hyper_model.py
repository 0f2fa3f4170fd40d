"""The compression of a model as a model of KerasTuner."""

import dataclasses
import hashlib
import json
import numbers

import keras
import keras_tuner

from tfcompress import _checks
from tfcompress.finite_weights import check_finite
from tfcompress.sensitivity.sensitivity import (
    METHODS,
    checked_methods,
    chosen_layers,
)
from tfcompress.tuner.budget import Budget
from tfcompress.tuner.compression import Compression, matching
from tfcompress.tuner.examples import Examples
from tfcompress.tuner.same_search import same_search
from tfcompress.tuner.trial import Trial
from tfcompress.tuner.workbench import Workbench, check_trained


class CompressionHyperModel(keras_tuner.HyperModel):
    """A KerasTuner HyperModel whose hyperparameters are those of a compression.

    For each layer a method and a ratio (`"method/dense"`, `"ratio/dense"`), and for the
    model how the file is written (`"quantize"`) and the weight of the teacher
    (`"alpha"`), where there is more than one to choose from. A trial compresses the
    model, trains it with the model before as its teacher, writes the `.tflite` file,
    and measures that: `"score"` is `Budget.score` of it, the one number to search by.

    Any tuner of KerasTuner can be used, in one process or in several with its
    `KERASTUNER_TUNER_ID`; a search that was ended goes on where it was when it is run
    again. Each trial leaves its file, its Keras model and its figures in `folder`; a
    trial that fails is counted as failed there and in the tuner, with the reason. Take
    the best one from `best()`: `get_best_models` of a tuner loads the weights, but has
    not seen the file.

    Args:
        model: A trained, compiled classifier, Sequential or Functional. Or a function of
            the hyperparameters that returns one, built and compiled, trained or not.
        data: Pair `(x, y)` to train on.
        budget: A `tfcompress.tuner.Budget`.
        folder: Where trials are kept, one folder each; the same for all workers.
        validation_data: Pair `(x, y)` that files are measured on, and so chosen by.
        validation_split: Float in (0, 1), without `validation_data`: the share of `data`,
            the last of it, that is set aside.
        teacher: What compressed models learn from. None for `model`, where that is no
            function.
        methods: Objects of `tfcompress.methods`.
        ratios: Numbers in (0, 1]; 1 leaves a layer as it is. The first is the default.
        layers: Names of layers, or globs; all layers that a glob names share one method
            and ratio. None for each layer by itself.
        quantize: How files may be written, as `tfcompress.export.to_tflite` has it.
        alpha: Weights of the teacher that may be chosen, in [0, 1].
        batch_size: Examples in a step of training.

    Raises:
        ValueError: If the model has no graph or is not compiled, an argument is out of
            its range, or `folder` has trials of another budget, model or data.
        TypeError: If `budget` or a method is none.

    Example:

    ```python
    small = tfc.tuner.CompressionHyperModel(
        model, (x, y), budget=tfc.tuner.Budget(bytes=50_000), folder="trials")
    tuner = keras_tuner.BayesianOptimization(
        small, small.objective, max_trials=20, directory="search")
    tuner.search(epochs=3)
    print(small.best())
    ```
    """

    def __init__(
        self,
        model,
        data,
        *,
        budget,
        folder,
        validation_data=None,
        validation_split=0.1,
        teacher=None,
        methods=METHODS,
        ratios=(1.0, 0.75, 0.5, 0.25, 0.125),
        layers=None,
        quantize=("dynamic",),
        alpha=(0.5,),
        batch_size=64,
    ):
        super().__init__()
        self.model = model
        if isinstance(model, keras.Model):
            check_trained(model)
            teacher = model if teacher is None else teacher
        elif not callable(model) or isinstance(model, keras.Layer):
            rule = "be a `keras.Model`, or a function that returns one"
            raise _checks.error("model", rule, model, kind=TypeError)
        if teacher is not None:
            _checks.instance("teacher", teacher, keras.Model, "a `keras.Model`")
            if not teacher.built:
                raise _checks.error("teacher", "be built, and trained", teacher.name)
            check_finite("teacher", teacher)
        self.methods = checked_methods(methods)
        ratios = _checks.several("ratios", ratios, "numbers in (0, 1]")
        self.ratios = [_checks.ratio("ratios", ratio) for ratio in ratios]
        self.layers = layers
        if layers is not None:
            self.layers = list(_checks.names("layers", layers, "names of layers"))
        if isinstance(model, keras.Model):
            suited = [method.layers(model) for method in self.methods]
            chosen_layers(suited, self.layers, model)
        self.quantize = [_text(one) for one in _listed("quantize", quantize)]
        self.alpha = [
            _checks.number("alpha", one, low=0, high=1)
            for one in _listed("alpha", alpha)
        ]
        for one in self.quantize:
            for number in self.alpha:
                Compression({}, _value(one), number)
        _checks.instance("budget", budget, Budget, "a `tfcompress.tuner.Budget`")
        if teacher is None and not budget.limits:
            rule = "limit a cost, or there be a `teacher` to compare with"
            raise _checks.error("budget", rule, budget)
        if teacher is None and budget.accuracy_drop is not None:
            rule = "leave out `accuracy_drop`, or there be a `teacher` to compare with"
            raise _checks.error("budget", rule, budget)
        known = model if isinstance(model, keras.Model) else None
        examples = Examples.of(data, validation_data, validation_split, known)
        self.bench = Workbench(examples, budget, folder, teacher, batch_size)
        # By which scores can be compared. Of models their shapes: each worker may have
        # trained its own, with weights that are not bit-equal.
        same_search(
            self.bench.folder / "search.json",
            {
                "budget": dataclasses.asdict(budget),
                "examples": [len(examples.y), len(examples.y_validation)],
                "model": _shapes(known),
                "teacher": _shapes(teacher),
            },
        )

    @property
    def objective(self):
        """What a tuner is to search for: the greatest score."""
        return keras_tuner.Objective("score", "max")

    def compression(self, hp) -> Compression:
        """Returns the `Compression` that the values of hyperparameters stand for."""
        methods = {str(method): method for method in self.methods}
        keys = [name[6:] for name in hp.values if name.startswith("ratio/")]
        choices = {
            key: (methods[hp.values[f"method/{key}"]], hp.values[f"ratio/{key}"])
            for key in keys
        }
        return Compression(choices, _value(hp.values["quantize"]), hp.values["alpha"])

    def build(self, hp):
        model = self.model if isinstance(self.model, keras.Model) else self.model(hp)
        check_trained(model)
        self._declare(hp, model)
        compression = self.compression(hp)
        try:
            return compression.apply(model, inputs=self.bench.fitted_on)
        except ValueError as fault:
            raise self._failed(hp, compression, fault) from fault

    def fit(self, hp, model, *args, **kwargs):
        if args or {"x", "y", "validation_data", "validation_split"} & set(kwargs):
            raise keras_tuner.errors.FatalValueError(
                "`search` takes no data: they were given to `CompressionHyperModel`."
            )
        compression = self.compression(hp)
        epochs, callbacks = kwargs.pop("epochs", 1), kwargs.pop("callbacks", ())
        try:
            self.bench.train(model, compression, epochs, callbacks, **kwargs)
            trial = self.bench.keep(self._folder(hp), model, compression)
        except ValueError as fault:
            raise self._failed(hp, compression, fault) from fault
        return {"score": trial.score, **trial.figures}

    def trial(self, hp) -> Trial | None:
        """Returns what the trial with these hyperparameters gave, None if none did."""
        return Trial.read(self._folder(hp))

    def trials(self) -> list[Trial]:
        """Returns all trials in the folder, of all workers, the best first."""
        found = [Trial.read(path) for path in sorted(self.bench.folder.glob("trial-*"))]
        found = [trial for trial in found if trial is not None]
        return sorted(
            found, key=lambda t: -float("inf") if t.fault else t.score, reverse=True
        )

    def best(self) -> Trial:
        """Returns the trial of the greatest score.

        Raises:
            ValueError: If none has come to its end.
        """
        found = [trial for trial in self.trials() if not trial.fault]
        if not found:
            folder = str(self.bench.folder)
            raise _checks.error("folder", "hold a trial that did not fail", folder)
        return found[0]

    def failures(self) -> list[Trial]:
        """Returns the trials that failed; `fault` of each says why."""
        return [trial for trial in self.trials() if trial.fault]

    def _declare(self, hp, model):
        suited = {str(method): method.layers(model) for method in self.methods}
        for key in self.layers or chosen_layers(suited.values(), None, model):
            names = [name for name, layers in suited.items() if matching(key, layers)]
            if not names:
                chosen_layers(suited.values(), [key], model)  # says which there are
            hp.Choice(f"method/{key}", names)
            hp.Choice(f"ratio/{key}", self.ratios)
        hp.Choice("quantize", self.quantize)
        hp.Choice("alpha", self.alpha)

    def _folder(self, hp):
        text = json.dumps(hp.values, sort_keys=True)
        name = hashlib.sha256(text.encode()).hexdigest()[:12]
        return self.bench.folder / f"trial-{name}"

    def _failed(self, hp, compression, fault):
        self.bench.give_up(self._folder(hp), compression, fault)
        return keras_tuner.errors.FailedTrialError(f"{compression}: {fault}")


def _listed(name, values):
    one = values is None or isinstance(values, (str, numbers.Number))
    return (values,) if one else _checks.several(name, values, "what may be chosen")


def _shapes(model):
    return None if model is None else [list(v.shape) for v in model.weights]


def _text(quantize):
    return "float32" if quantize is None else quantize


def _value(text):
    return None if text == "float32" else text
