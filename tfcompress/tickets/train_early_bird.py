"""Training that goes on with the small network as soon as it is known."""

import time
import warnings

from tfcompress import _checks
from tfcompress.callbacks.early_bird import EarlyBird
from tfcompress.conversion.clone import refuse_subclassed
from tfcompress.surgery.shrink import shrink
from tfcompress.tickets.early_bird_training import EarlyBirdTraining


def train_early_bird(model, early_bird, *, round_to=1, **fit_args) -> EarlyBirdTraining:
    """Trains `model` until its ticket is drawn, and from there on the small model.

    The small one takes over weights, moments of the optimizer, step count and learning
    rate, and trains for the epochs that are left: in all there are as many as in a
    plain `fit`, of which the later ones are cheaper.

    Args:
        model: A compiled Sequential or Functional `keras.Model`; it is left as it is
            at the draw.
        early_bird: A `tfcompress.callbacks.EarlyBird`; `stop` must be True.
        round_to: Positive integer, as in `tfcompress.shrink`: the widths of the small
            model are rounded up to a multiple of it. Convolutions of odd widths may take
            as long as those before.
        **fit_args: What `model.fit` takes: `x`, `y`, `epochs`, `callbacks` and so on.
            The callbacks are given to both fits, and must not keep a state between them
            that belongs to one model.

    Returns:
        An `EarlyBirdTraining`. If no ticket was drawn in all epochs, there is a warning,
        and its model is `model`, trained.

    Raises:
        ValueError: As `EarlyBird` and `shrink` do.
        TypeError: If an argument is of the wrong kind.

    Example:

    >>> x, y = np.ones((8, 4)), np.ones((8, 1))
    >>> parts = [keras.layers.Dense(8, "relu"), keras.layers.Dense(1)]
    >>> model = keras.Sequential([keras.Input((4,)), *parts])
    >>> model.compile("adam", "mse")
    >>> bird = tfc.callbacks.EarlyBird(0.5, "norm", patience=3)
    >>> training = tfc.train_early_bird(model, bird, x=x, y=y, epochs=5, verbose=0)
    >>> training.model.layers[0].units, len(training.history["loss"])
    (4, 5)
    >>> int(training.model.optimizer.iterations.numpy())  # one step in each epoch
    5

    References:
        - [You et al., 2020](https://arxiv.org/abs/1909.11957)
    """
    refuse_subclassed(model)
    if not model.compiled:
        raise _checks.error("model", "be compiled", model.name)
    what = "a `tfcompress.callbacks.EarlyBird`"
    _checks.instance("early_bird", early_bird, EarlyBird, what)
    if not early_bird.stop:
        raise _checks.error("early_bird.stop", "be True", early_bird.stop)
    round_to = _checks.integer("round_to", round_to)
    callbacks = list(fit_args.pop("callbacks", None) or ())
    begin = time.perf_counter()
    # First, so that loggers see the distance.
    history = model.fit(callbacks=[early_bird, *callbacks], **fit_args).history
    drawn = time.perf_counter()
    if early_bird.ticket is None:
        warnings.warn(
            f"No ticket was drawn in {len(early_bird.masks)} epochs: the masks still "
            "differ. The model is as large as before. Train longer, raise `threshold` "
            "or lower `patience`.",
            stacklevel=2,
        )
        return EarlyBirdTraining(model, early_bird, history, (drawn - begin, 0.0))
    small = shrink(model, keep=early_bird.keep, round_to=round_to)
    if early_bird.epoch < fit_args.get("epochs", 1):
        options = {**fit_args, "initial_epoch": early_bird.epoch}
        later = small.fit(callbacks=callbacks, **options).history
        history = {name: history[name] + later.get(name, []) for name in history}
    seconds = drawn - begin, time.perf_counter() - drawn
    return EarlyBirdTraining(small, early_bird, history, seconds)
