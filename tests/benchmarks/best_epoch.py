"""Trains a model as papers do: the epoch and the rate are chosen on validation data."""

import dataclasses

import keras
import numpy as np

from tfcompress.constraints.masked import Masked


@dataclasses.dataclass(frozen=True)
class Recipe:
    """How every model of a table is trained.

    Args:
        optimizer: Function of a learning rate, or a schedule of it, to an optimizer.
        rates: Learning rates to choose from; each falls to zero along a cosine.
        epochs: Epochs of the training.
        pilot: Training examples, the first ones, on which the rates are tried.
        pilot_epochs: Epochs for which each rate is tried.
        batch_size: Examples in a step.
        loss: What a step lowers; cross-entropy of the labels if None.
    """

    optimizer: callable
    rates: tuple
    epochs: int
    pilot: int
    pilot_epochs: int
    batch_size: int
    loss: callable = None

    def shortened(self):
        """Returns a recipe that only shows that a benchmark runs."""
        return dataclasses.replace(self, rates=self.rates[:1], epochs=1)


@dataclasses.dataclass(frozen=True, eq=False)
class Parts:
    """Examples and labels, each as a tuple, of the three parts of a data set."""

    train: tuple
    validation: tuple
    test: tuple


def last_fifth_aside(x_train, y_train, x_test, y_test):
    """Returns parts of which the last fifth of the training data is for validation."""
    cut = len(x_train) * 4 // 5
    return Parts(
        (x_train[:cut], y_train[:cut]),
        (x_train[cut:], y_train[cut:]),
        (x_test, y_test),
    )


def errors(make, parts, recipe, seeds):
    """Returns the errors, in %, of the models that `make` returns, after training.

    The rate with the least validation error in the pilot, of the first seed, trains the
    model of each seed; a rate at which the loss is lost counts as if all were wrong.
    The epoch with the least error gives the weights; only then is the test part looked
    at. Of several seeds it is the mean, with the range.
    """
    pilot = tuple(part[: recipe.pilot] for part in parts.train)

    def fit(train, rate, epochs, seed):
        return _fit(make, train, parts, recipe, rate, epochs, seed)

    rate = recipe.rates[0]
    if len(recipe.rates) > 1:
        rate = min(
            recipe.rates, key=lambda r: fit(pilot, r, recipe.pilot_epochs, seeds[0])[1]
        )
    runs = [fit(parts.train, rate, recipe.epochs, seed) for seed in seeds]
    tested = [_error(model, parts.test) for model, _ in runs]
    figures = {"test error, %": round(float(np.mean(tested)), 3)}
    if len(seeds) > 1:
        figures["least"] = round(min(tested), 3)
        figures["greatest"] = round(max(tested), 3)
    validation = float(np.mean([error for _, error in runs]))
    return {
        **figures,
        "validation error, %": round(validation, 3),
        "free parameters": free_parameters(runs[0][0]),
        "learning rate": rate,
    }


def free_parameters(model):
    """Returns how many numbers training can change: no fixed factor, no masked weight."""
    return sum(
        int(np.sum(variable.constraint.mask))
        if isinstance(variable.constraint, Masked)
        else int(np.prod(variable.shape))
        for variable in model.trainable_variables
    )


def _fit(make, train, parts, recipe, rate, epochs, seed):
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    model = make(seed)
    steps = epochs * -(-len(train[0]) // recipe.batch_size)
    falling = keras.optimizers.schedules.CosineDecay(rate, steps)
    loss = recipe.loss or keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(recipe.optimizer(falling), loss, metrics=["accuracy"])
    best = keras.callbacks.EarlyStopping(
        "val_accuracy", patience=epochs, restore_best_weights=True
    )
    history = model.fit(
        *train,
        batch_size=recipe.batch_size,
        epochs=epochs,
        validation_data=parts.validation,
        validation_batch_size=500,
        callbacks=[best],
        verbose=0,
    ).history
    diverged = not np.all(np.isfinite(history["loss"]))
    return model, 100.0 if diverged else _error(model, parts.validation)


def _error(model, part):
    accuracy = model.evaluate(*part, batch_size=500, verbose=0)[1]
    return 100 * (1 - accuracy)
