"""The regularization path of LassoNet: from all features to none, one by one."""

import dataclasses

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.feature_selection.training_data import training_data
from tfcompress.layers.lasso_net import LassoNet


@dataclasses.dataclass(frozen=True)
class PathPoint:
    """One strength of the path: which features are left, and how well they do.

    `norms` has the length of each feature's skip weights, 0 for those that have left.
    """

    strength: float
    norms: np.ndarray
    loss: float
    score: float

    @property
    def selected(self):
        """Indices of the features that are left."""
        return np.flatnonzero(self.norms)


@dataclasses.dataclass(frozen=True)
class LassoNetPath:
    """What `lassonet_path` found.

    Attributes:
        points: The `PathPoint`s in order of rising strength; loss and score (accuracy,
            or R²) are those on validation data.
        model: The trained model of the last point, over the `columns`.
        columns: Indices of the features that are not constant, the model's inputs.
    """

    points: tuple[PathPoint, ...]
    model: keras.Model
    columns: np.ndarray

    @property
    def importances(self):
        """The strength at which each feature left; that of the last point if it stayed.

        Array of shape `(features,)`. A feature that was never in has 0.
        """
        last = np.zeros(len(self.points[0].norms))
        for point in self.points:
            last[point.selected] = point.strength
        return last

    @property
    def ranking(self):
        """Indices of the features, the last to leave first.

        Of those that left together, the one with the longest weights until then first.
        """
        norms = np.zeros(len(self.points[0].norms))
        for point in self.points:
            norms[point.selected] = point.norms[point.selected]
        return np.lexsort((-norms, -self.importances))

    def plot(self, path):
        """Writes a picture of the score against the number of features; returns it."""
        from matplotlib.figure import Figure

        from tfcompress.writing import picture_target, whole_file

        picture_target(path)
        figure = Figure(figsize=(6, 4), layout="constrained")
        axes = figure.add_subplot()
        counts = [len(point.selected) for point in self.points]
        axes.plot(counts, [point.score for point in self.points], ".-")
        axes.set_xlabel("features left")
        axes.set_ylabel("score on validation data")
        axes.spines[["top", "right"]].set_visible(False)
        with whole_file(path) as draft:
            figure.savefig(draft, dpi=150)
        return path


def lassonet_path(
    x,
    y,
    *,
    task="classification",
    hidden_units=(100,),
    hierarchy=10.0,
    start=None,
    multiplier=1.02,
    features=0,
    validation_split=0.125,
    batch_size=256,
    epochs=(1000, 100),
    patience=(100, 10),
    tolerance=0.01,
    learning_rate=1e-3,
    seed=0,
    verbose=0,
):
    r"""Trains a `LassoNet` under rising strength until few enough features are left.

    First without a penalty, by Adam; then at $\lambda_0, \rho \lambda_0, \rho^2
    \lambda_0, \dots$ by SGD with momentum 0.9, each from the weights of the last, each
    until the validation objective rests. By default $\lambda_0$ is what one visit to λ
    at most needs to remove the weakest feature if the loss does not hold it:

    $$ \lambda_0 = \min_j \frac{\lVert \theta_j \rVert_2 + M \lVert W_j \rVert_1}
                               {\eta \cdot steps} $$

    Standardize features first: a penalty compares their weights. Training is many short
    fits; what is gained is a small set of features, on which a model of its own is
    trained afterwards.

    Args:
        x: Array `(samples, features)` of finite numbers. Features that are constant
            are left out from the beginning, with a warning.
        y: Array `(samples,)` of class numbers from 0 on, or of `(samples,)` or
            `(samples, outputs)` values for regression.
        task: `"classification"` or `"regression"`.
        hidden_units: Integers, as in `LassoNet`.
        hierarchy: Float `> 0`, the factor M of `LassoNet`.
        start: Float `> 0`, the first strength $\lambda_0$; None as above.
        multiplier: Float `> 1`, the ratio ρ of one strength to the last.
        features: Integer `>= 0`; the path ends where so many features are left or
            fewer.
        validation_split: Float in `(0, 1)`, the share of samples set aside, drawn at
            random.
        batch_size: Integer `>= 1`.
        epochs: Pair of integers, the most epochs of the first training and of each
            strength.
        patience: Pair of integers, epochs without a better validation objective after
            which the one and the other end.
        tolerance: Float in `[0, 1)`, the share by which the objective must fall to
            count as better.
        learning_rate: Float `> 0`, of both optimizers.
        seed: Integer, for the split, the first weights and the batches.
        verbose: 0, or 1 for a line at each strength.

    Returns:
        A `LassoNetPath`.

    Raises:
        ValueError: If an argument is out of its range, `x` or `y` hold what is not
            finite (the features are named), or they do not fit each other.
        RuntimeError: If training diverged.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(200, 5)).astype("float32")
    >>> path = tfc.lassonet_path(
    ...     x, (x[:, 3] > 0).astype(int), hidden_units=(4,), multiplier=1.5,
    ...     features=1, batch_size=25, epochs=(20, 10), learning_rate=0.01,
    ... )
    >>> path.ranking.tolist()[0]
    3

    References:
        - [Lemhadri et al., 2021](https://arxiv.org/abs/1907.12207)
    """
    _checks.choice("task", task, ("classification", "regression"))
    multiplier = _checks.number("multiplier", multiplier, low=1, open_low=True)
    features = _checks.integer("features", features, low=0)
    if start is not None:
        start = _checks.number("start", start, low=0, open_low=True)
    batch_size = _checks.integer("batch_size", batch_size)
    rate = {"low": 0, "open_low": True}
    learning_rate = _checks.number("learning_rate", learning_rate, **rate)
    seed = _checks.integer("seed", seed, low=0)
    verbose = _checks.integer("verbose", verbose, low=0)
    first, later = _pair("epochs", epochs)
    rests, rests_later = _pair("patience", patience)
    tolerance = _checks.number("tolerance", tolerance, low=0, high=1, open_high=True)
    data = training_data(x, y, task, validation_split, seed)

    keras.utils.set_random_seed(seed)
    layer = LassoNet(data.units, hidden_units, hierarchy=hierarchy)
    model = keras.Sequential([keras.Input((data.x.shape[1],)), layer])
    loss, metric = _LOSSES[task]()
    model.compile(keras.optimizers.Adam(learning_rate), loss, metrics=[metric])
    _fit(model, layer, data, batch_size, first, _rest(rests, tolerance))

    sgd = keras.optimizers.SGD(learning_rate, momentum=0.9)
    layer.step.learning_rate = sgd
    loss, metric = _LOSSES[task]()
    model.compile(sgd, loss, metrics=[metric])
    steps = later * -(-len(data.x) // batch_size)
    strength = start or _first_strength(layer, learning_rate * steps)
    points = []
    while not points or len(points[-1].selected) > features:
        layer.strength.assign(strength)
        rest = _rest(rests_later, tolerance)
        found = _fit(model, layer, data, batch_size, later, rest)
        point = PathPoint(strength, _norms(layer, data), *found)
        points.append(point)
        if verbose:
            print(
                f"strength {strength:.4g}: {len(point.selected)} features, "
                f"validation loss {point.loss:.4f}, score {point.score:.4f}"
            )
        strength *= multiplier
    return LassoNetPath(tuple(points), model, data.columns)


_LOSSES = {
    "classification": lambda: (
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        keras.metrics.SparseCategoricalAccuracy(name="score"),
    ),
    "regression": lambda: (
        keras.losses.MeanSquaredError(),
        keras.metrics.R2Score(name="score"),
    ),
}


class _Objective(keras.callbacks.Callback):
    """Adds the penalty to the validation loss, for both decide when to end."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def on_epoch_end(self, epoch, logs=None):
        penalty = self.layer.step.penalty(self.layer.skip.kernel)
        objective = logs["val_loss"] + float(ops.convert_to_numpy(penalty))
        if not np.isfinite(objective):
            raise RuntimeError(
                "Training diverged: the validation loss is not finite. Standardize the "
                "features, or lower `learning_rate`."
            )
        logs["log_objective"] = np.log(max(objective, 1e-30))


def _rest(patience, tolerance):
    """Ends training where the objective no longer falls by a share of itself."""
    share = -np.log1p(-tolerance)
    return keras.callbacks.EarlyStopping("log_objective", share, patience, mode="min")


def _fit(model, layer, data, batch_size, epochs, rest):
    """Trains until the objective rests; returns the loss and score on validation."""
    history = model.fit(
        data.x,
        data.y,
        validation_data=(data.x_val, data.y_val),
        epochs=epochs,
        batch_size=batch_size,
        callbacks=[_Objective(layer), rest],
        verbose=0,
    ).history
    return history["val_loss"][-1], history["val_score"][-1]


def _norms(layer, data):
    norms = np.zeros(data.features)
    norms[data.columns] = np.linalg.norm(layer.skip.kernel, axis=1)
    return norms


def _first_strength(layer, distance):
    """Returns the least strength that takes a feature away over so long a way."""
    theta = ops.convert_to_numpy(layer.skip.kernel)
    weights = ops.convert_to_numpy(layer.hidden[0].kernel)
    held = np.linalg.norm(theta, axis=1) + layer.hierarchy * np.abs(weights).sum(axis=1)
    return float(held.min() / distance)


def _pair(name, value):
    rule = "be two positive integers, of the first training and of each strength"
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise _checks.error(name, rule, value)
    return tuple(_checks.integer(name, number) for number in value)
