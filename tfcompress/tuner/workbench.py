"""Where compressed models are trained, written and measured, each into its folder."""

import keras

from tfcompress import _checks
from tfcompress.callbacks.distill import Distill
from tfcompress.conversion.clone import refuse_subclassed
from tfcompress.export.tflite import to_tflite
from tfcompress.finite_weights import check_finite
from tfcompress.report.report import report
from tfcompress.runtime.tflite_model import TFLiteModel
from tfcompress.tuner.budget import Budget
from tfcompress.tuner.settle import settle
from tfcompress.tuner.trial import FILE, MODEL, RECORD, Trial
from tfcompress.writing import folder_path

FITTED_ON = 256
REPRESENTATIVE = 200


class Workbench:
    """Trains, writes and measures compressed models under one budget.

    Args:
        examples: The `Examples`.
        budget: The `Budget`.
        folder: Where models are kept, each in a folder in it; made if it is not there.
        teacher: The model before, from which compressed ones learn; or None.
        batch_size: Examples in a step of training.
    """

    def __init__(self, examples, budget, folder, teacher, batch_size):
        _checks.instance("budget", budget, Budget, "a `tfcompress.tuner.Budget`")
        self.examples = examples
        self.budget = budget
        self.folder = folder_path("folder", folder)
        self.teacher = teacher
        self.batch_size = _checks.integer("batch_size", batch_size)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.fitted_on = examples.first(FITTED_ON)
        self._baseline = None

    @property
    def baseline(self) -> Trial | None:
        """The float32 file of the model before; None if there was none."""
        if self._baseline is None and self.teacher is not None:
            folder = self.folder / "baseline"
            self._baseline = Trial.read(folder)
            if self._baseline is None:
                self._baseline = self.keep(folder, self.teacher, None)
        return self._baseline

    def train(self, model, compression, epochs, callbacks=(), **options):
        """Trains a compressed `model`, with its teacher if there is one.

        A short training would leave batch normalization with what it remembers of the
        model before.
        """
        held = compression.callbacks(model)
        if self.teacher is not None and compression.alpha > 0:
            held.append(Distill(self.teacher, alpha=compression.alpha))
        options = {"verbose": 0, "batch_size": self.batch_size, **options}
        x, y = self.examples.x, self.examples.y
        history = model.fit(
            x, y, epochs=epochs, callbacks=[*held, *callbacks], **options
        )
        settle(model, x, self.batch_size)
        return history

    def costs(self, model, quantize, path) -> dict[str, float]:
        """Writes `model` to `path`; returns what the file costs, as a `Budget` says."""
        data = self.examples.first(REPRESENTATIVE) if quantize == "int8" else None
        made = to_tflite(model, path, quantize=quantize, representative_data=data)
        macs = report(model).total.macs
        figures = {"bytes": made.bytes, "macs": macs}
        if self.budget.macs is not None and macs is None:
            raise ValueError(
                "`macs` cannot be limited: those of a layer of this model are not "
                "known. Give `tfcompress.report.macs` a rule for it."
            )
        if self.budget.latency_us is not None:
            figures["latency_us"] = TFLiteModel(path).benchmark()
        return figures

    def keep(self, folder, model, compression) -> Trial:
        """Writes `model` into `folder`; returns what its file measures."""
        folder.mkdir(exist_ok=True)
        # What a run that was cut has left must not count as done.
        (folder / RECORD).unlink(missing_ok=True)
        quantize = None if compression is None else compression.quantize
        figures = self.costs(model, quantize, folder / FILE)
        file, examples = TFLiteModel(folder / FILE), self.examples
        figures["accuracy"] = file.evaluate(*examples.for_files(model))
        model.save(folder / MODEL)
        before = figures
        if compression is not None:
            before = self.baseline and self.baseline.figures
        score = self.budget.score(figures, before)
        trial = Trial(
            folder,
            compression,
            score=score,
            within=self.budget.excess(figures, before) == 0,
            **figures,
        )
        trial.write()
        return trial

    def give_up(self, folder, compression, fault) -> Trial:
        """Notes in `folder` why a trial failed; returns that."""
        folder.mkdir(exist_ok=True)
        trial = Trial(folder, compression, fault=str(fault))
        trial.write()
        return trial


def check_trained(model) -> None:
    """Raises unless `model` can be compressed and trained again."""
    refuse_subclassed(model)
    check_finite("model", model)
    if not model.compiled:
        remedy = "Compile it as it is to be trained, and do not compile it later."
        raise _checks.error("model", "be compiled", model.name, remedy=remedy)
    shapes = {tuple(tensor.shape) for tensor in keras.tree.flatten(model.outputs)}
    if len(model.outputs) != 1 or any(len(shape) != 2 for shape in shapes):
        rule = "have one output, a row of classes for each example"
        raise _checks.error("model", rule, sorted(shapes))
