"""A trained model compressed by a recipe, trained and written to a file."""

import math
import pathlib
import tempfile

import keras

from tfcompress import _checks
from tfcompress.callbacks.distill import Distill
from tfcompress.callbacks.prune_channels import PruneChannels
from tfcompress.conversion.clone import clone
from tfcompress.conversion.convert import convert
from tfcompress.export.tflite import to_tflite
from tfcompress.recipes.compressed import Compressed
from tfcompress.recipes.front import Front
from tfcompress.recipes.kind_of import kind_of
from tfcompress.recipes.shipped import load
from tfcompress.runtime.compare_latency import compare_latency
from tfcompress.runtime.tflite_model import TFLiteModel
from tfcompress.schedules.polynomial import Polynomial
from tfcompress.surgery.shrink import shrink
from tfcompress.tuner.examples import Examples
from tfcompress.tuner.settle import settle
from tfcompress.tuner.workbench import check_trained
from tfcompress.writing import file_target

FITTED_ON = 256
REPRESENTATIVE = 200
UPDATES = 30
ROUNDS = 101


def compress(
    model,
    data,
    path,
    *,
    recipe=None,
    epochs=12,
    validation_data=None,
    validation_split=0.1,
    batch_size=128,
    learning_rate=1e-3,
    verbose=0,
) -> Compressed:
    """Compresses a trained classifier by a recipe, trains it, and writes its file.

    Each stage of the recipe is trained by Adam, at a rate that falls to 0 along a
    cosine, with the model before as its teacher. The file is run beside that of the
    model before; what comes back says how much smaller and faster it is, and what it
    has lost. Nothing is searched for: `tfcompress.tune` does that, under a budget.

    Args:
        model: A trained, compiled classifier of one output, Sequential or Functional. It
            is left as it was; its loss is taken over.
        data: Pair `(x, y)` to train on; `y` holds class indices or one-hot rows.
        path: Where the `.tflite` file goes.
        recipe: A name in `tfcompress.recipes.NAMES`, the path of a JSON file, or a
            `Front`. None for the recipe of the model's kind, as `kind_of` sees it.
        epochs: Positive integer, of all stages together; each has at least one.
        validation_data: Pair `(x, y)` that accuracies are measured on, or None.
        validation_split: Float in (0, 1), without `validation_data`: the share of `data`,
            the last of it, that is set aside, as in `fit`.
        batch_size: Examples in a step of training.
        learning_rate: Float `> 0`, at the beginning of a stage.
        verbose: 0, 1 or 2, as for `fit`.

    Returns:
        A `Compressed`: print it, or take `path`, `model`, `bytes`, `accuracy`.

    Raises:
        ValueError: If `model` has no graph or is not compiled, an argument is out of its
            range, or the recipe does not suit the model; `path` is as it was then.
        TypeError: If `recipe` is none.

    Example:

    ```python
    done = tfc.recipes.compress(model, (x_train, y_train), "small.tflite")
    print(done)
    ```
    """
    check_trained(model)
    path = file_target(path, ".tflite")
    if recipe is None:
        recipe = kind_of(model)
    front = recipe if isinstance(recipe, Front) else load(recipe)
    epochs = _checks.integer("epochs", epochs)
    batch_size = _checks.integer("batch_size", batch_size)
    rate = _checks.number("learning_rate", learning_rate, low=0, open_low=True)
    verbose = _checks.integer("verbose", verbose, low=0, high=2)
    examples = Examples.of(data, validation_data, validation_split, model)
    train = _Training(model, examples, front.alpha, epochs, batch_size, rate, verbose)
    small = model
    for stage in front.stages:
        small = train.stage(small, stage)
    representative = examples.first(REPRESENTATIVE)
    whole_int8 = front.quantize == "int8"
    made = to_tflite(
        small,
        path,
        quantize=front.quantize,
        representative_data=representative if whole_int8 else None,
    )
    return _measured(model, small, made, examples)


class _Training:
    """How every stage is trained."""

    def __init__(self, teacher, examples, alpha, epochs, batch_size, rate, verbose):
        self.teacher, self.examples, self.alpha = teacher, examples, alpha
        self.epochs, self.batch_size, self.rate = epochs, batch_size, rate
        self.verbose = verbose

    def stage(self, model, stage):
        """Returns another model, changed and trained as `stage` says."""
        epochs = max(1, round(self.epochs * stage.epochs))
        steps = epochs * math.ceil(len(self.examples.y) / self.batch_size)
        if stage.rules is not None:
            inputs = self.examples.first(FITTED_ON)
            model = convert(model, stage.rules, inputs=inputs)
            return self._fit(model, epochs, steps, self.rate * stage.rate)
        model = clone(model, lambda layer: None)
        every = max(1, math.floor(0.6 * steps / UPDATES))
        leave = Polynomial(stage.channels, begin=0, end="60%", frequency=every)
        prune = PruneChannels(leave, by="taylor")
        model = self._fit(model, epochs, steps, self.rate * stage.rate, prune)
        return shrink(model, optimizer=False)

    def _fit(self, model, epochs, steps, rate, *callbacks):
        falling = keras.optimizers.schedules.CosineDecay(rate, steps)
        model.compile(keras.optimizers.Adam(falling), self.teacher.loss)
        if self.alpha:
            callbacks = [*callbacks, Distill(self.teacher, alpha=self.alpha)]
        x, y = self.examples.x, self.examples.y
        options = {"batch_size": self.batch_size, "verbose": self.verbose}
        model.fit(x, y, epochs=epochs, callbacks=list(callbacks), **options)
        settle(model, x, self.batch_size)
        return model


def _measured(model, small, made, examples):
    """Runs the file beside that of the model before."""
    on = examples.for_files(model)
    with tempfile.TemporaryDirectory() as folder:
        before = pathlib.Path(folder) / "before.tflite"
        before_bytes = to_tflite(model, before).bytes
        files = {"before": before, "after": made.path}
        latency = compare_latency(files, rounds=ROUNDS)
        accuracies = {
            name: TFLiteModel(file).evaluate(*on) for name, file in files.items()
        }
    return Compressed(
        path=pathlib.Path(made.path),
        model=small,
        bytes=made.bytes,
        bytes_before=before_bytes,
        accuracy=accuracies["after"],
        accuracy_before=accuracies["before"],
        times_faster=1 / latency.ratios["after"],
    )
