"""Iterative magnitude pruning: many trainings, and one small network that learns."""

import json

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.callbacks.lottery_ticket import LotteryTicket
from tfcompress.masks import Masks
from tfcompress.selection import select_weights
from tfcompress.tickets.search_folder import SearchFolder
from tfcompress.tickets.ticket_search import TicketSearch
from tfcompress.tickets.trained_ticket import TrainedTicket
from tfcompress.writing import folder_path

CONTROLS = ("reinitialized", "random_mask")


def find_ticket(
    model_fn,
    fit_fn,
    *,
    rounds=5,
    fraction=0.2,
    rewind_to=0,
    rewind="weights",
    which=None,
    scope="layer",
    controls=(),
    monitor="val_loss",
    folder=None,
    seed=0,
    verbose=0,
):
    r"""Returns tickets: sparse networks that learn as well as the dense one.

    The dense network is trained; the smallest weights are removed; the others go back
    to what they were at `rewind_to`; the sparse network is trained; and so on: after
    $r$ rounds $(1 - fraction)^r$ of the weights are left. Each round trains for the
    whole run: what is gained is the sparse network, no time.

    Of each training is noted at which iteration the monitored metric was least, and
    all metrics there: an epoch is the measure, so for a finer one let `fit_fn` have
    short epochs (`steps_per_epoch`).

    Args:
        model_fn: Function without arguments that returns a built, compiled model.
        fit_fn: Function that trains it, `fit_fn(model, callbacks=..., initial_epoch=...)`:
            passes both on to `model.fit`, these callbacks after those that restore
            weights (`EarlyStopping`), and returns what that returns, or a dict of lists.
            `initial_epoch` is that of `rewind_to`, except in round 0.
        rounds: Integer `>= 1`, how often weights are removed; there is one training
            more.
        fraction: Float in (0, 1), the share of the weights left that a round removes.
        rewind_to: As in `LotteryTicket`, and so on.
        rewind: What goes back. With None (fine-tuning) the learning rate is that of
            the end, provided that the optimizer has its schedule and no callback.
        which: The weights; None for all kernels.
        scope: `"layer"`, `"global"` or a distribution.
        controls: Of `"reinitialized"` (the mask, with new weights) and `"random_mask"`
            (the weights, with as many of each layer kept at random); each is one more
            training in each round.
        monitor: Name of the metric whose least value is the early stop.
        folder: Where the search is kept, to be gone on with by the same call; None to
            keep nothing. Nobody can see from it whether the data are the same.
        seed: Integer, for the first weights, the batches and the controls.
        verbose: 0, or 1 for a line at each training.

    Returns:
        A `TicketSearch`.

    Raises:
        ValueError: If an argument is out of its range, the rounds would leave a weight
            empty, `fit_fn` ignores its callbacks, or `folder` is that of another
            search or model.
        TypeError: If `fit_fn` returns no metrics, or `model_fn` no model.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(32, 4)).astype("float32")
    >>> def model_fn():
    ...     layers = [keras.layers.Dense(10, "relu"), keras.layers.Dense(1)]
    ...     model = keras.Sequential([keras.Input((4,)), *layers])
    ...     model.compile("adam", "mse")
    ...     return model
    >>> def fit_fn(model, **options):
    ...     return model.fit(
    ...         x, x[:, :1], epochs=2, validation_split=0.5, verbose=0, **options)
    >>> search = tfc.find_ticket(model_fn, fit_fn, rounds=2, fraction=0.5)
    >>> [masks.kept for masks in search.masks]  # of 40 and 10, each
    [50, 25, 12]
    >>> [round(one.weights_left, 2) for one in search.trained]
    [1.0, 0.5, 0.24]

    References:
        - [Frankle and Carbin, 2019](https://arxiv.org/abs/1803.03635)
        - [Renda et al., 2020](https://arxiv.org/abs/2003.02389)
    """
    for name, function in (("model_fn", model_fn), ("fit_fn", fit_fn)):
        if not callable(function):
            raise _checks.error(name, "be a function", function, kind=TypeError)
    rounds = _checks.integer("rounds", rounds)
    inside = {"low": 0, "high": 1, "open_low": True, "open_high": True}
    fraction = _checks.number("fraction", fraction, **inside)
    if not isinstance(controls, (str, list, tuple)):
        rule = "be a name of a control, or a list of them"
        raise _checks.error("controls", rule, controls, kind=TypeError)
    controls = (controls,) if isinstance(controls, str) else tuple(controls)
    for control in controls:
        _checks.choice("controls", control, CONTROLS)
    _checks.names("monitor", [monitor], "names of metrics")
    if folder is not None:
        folder = folder_path("folder", folder)
    _checks.integer("verbose", verbose, low=0)
    seed = _checks.integer("seed", seed, low=0)
    ticket = LotteryTicket(
        fraction, rewind_to=rewind_to, rewind=rewind, which=which, scope=scope
    )
    settings = {**ticket.get_config(), "rounds": rounds, "controls": list(controls)}
    settings |= {"monitor": monitor, "seed": seed}
    settings = json.loads(json.dumps(settings, default=_name))
    search = _Search(model_fn, fit_fn, ticket, settings, folder, which)
    for number in range(rounds + 1):
        for control in controls if number else ():
            search.train(number, control, verbose)
        search.train(number, "ticket", verbose)
    return search.result()


class _Search:
    """One model, trained again and again from what the last round has left."""

    def __init__(self, model_fn, fit_fn, ticket, settings, folder, which):
        self.model_fn, self.fit_fn = model_fn, fit_fn
        self.ticket, self.settings, self.which = ticket, settings, which
        self.model = self._made(settings["seed"])
        variables = select_weights(self.model, which)
        ticket.set_model(self.model)
        counts = [int(np.prod(variable.shape)) for variable in variables]
        for _ in range(settings["rounds"]):
            counts = ticket.counts_after(counts, variables)
        optimizer = self.model.optimizer
        if not optimizer.built:
            optimizer.build(self.model.trainable_variables)
        # Dropout's place in its random numbers is state as well.
        weights = {id(weight) for weight in self.model.weights}
        rest = self.model.non_trainable_variables
        self._seeds = [v for v in rest if id(v) not in weights]
        self._first_seeds = _values(self._seeds)
        self._slots = list(optimizer.variables)
        self._first = self.model.get_weights(), _values(self._slots)
        self._state = self._first
        self.masks = []
        self.folder = SearchFolder(folder, settings, self.model)
        self._done = {(one.round, one.variant) for one in self.folder.trained}

    def train(self, number, variant, verbose):
        """Trains a variant in a round, unless that was done in an earlier run."""
        if (number, variant) in self._done:
            if variant == "ticket":
                self._read(number)
            return
        begin = 0 if not number or variant == "reinitialized" else self._rewound_epoch()
        if variant == "ticket":
            callback, state = self.ticket, self._state
            last = number == self.settings["rounds"]
            callback.fraction = 0.0 if last else self.settings["fraction"]
        else:
            callback, state = self._control(number, variant)
        masks = callback.masks if number else self._all()
        history = self._fit(number, callback, state, begin)
        trained = TrainedTicket.of(
            history,
            self.settings["monitor"],
            callback.steps_per_epoch,
            begin,
            round=number,
            variant=variant,
            weights_left=masks.density,
        )
        if variant == "ticket":
            self.masks.append(masks)
            self._keep(number)
        self.folder.add(trained)
        if verbose:
            print(
                f"round {number}, {variant}: {100 * trained.weights_left:.1f} % left, "
                f"early stop at {trained.early_stop}, {trained.metrics}"
            )

    def result(self):
        self.model.set_weights(self._state[0])
        return TicketSearch(
            self.model,
            tuple(self.masks),
            self.ticket.weights,
            tuple(self.folder.trained),
            self.settings,
            self.which,
        )

    def _made(self, seed):
        keras.utils.set_random_seed(seed)
        what = "a function that returns a `keras.Model`"
        model = _checks.instance("model_fn", self.model_fn(), keras.Model, what)
        if not model.built or not model.compiled:
            remedy = "Begin the model with `keras.Input`, and compile it."
            rule = "return a model that is built and compiled"
            raise _checks.error("model_fn", rule, model.name, remedy=remedy)
        return model

    def _control(self, number, variant):
        """Returns the callback that holds the masks of a control, and where it begins."""
        callback = LotteryTicket(0.0, which=self.which)
        callback.masks = self.ticket.masks
        seed = _seed(self.settings["seed"], number, 1 + CONTROLS.index(variant))
        if variant == "reinitialized":
            return callback, (self._made(seed).get_weights(), self._first[1])
        callback.masks = callback.masks.shuffled(seed)
        return callback, (self.ticket.weights, self.ticket.optimizer_state)

    def _fit(self, number, callback, state, begin):
        self.model.set_weights(state[0])
        _assign(self._slots, state[1])
        _assign(self._seeds, self._first_seeds)
        # The same batches for all of a round; others in the next.
        keras.utils.set_random_seed(_seed(self.settings["seed"], number, 0))
        before = callback.rounds
        history = self.fit_fn(self.model, callbacks=[callback], initial_epoch=begin)
        if callback.rounds != before + 1:
            rule = "pass its `callbacks` on to `fit`, once"
            raise _checks.error("fit_fn", rule, self.fit_fn)
        variables = select_weights(self.model, self.which)
        for variable, mask in zip(variables, callback.masks, strict=True):
            if ops.convert_to_numpy(variable)[~mask].any():
                rule = "list its `callbacks` after those that restore weights"
                raise _checks.error("fit_fn", rule, self.fit_fn)
        return history

    def _keep(self, number):
        self._state = self.model.get_weights(), _values(self._slots)
        if not number:
            self.folder.save("rewound_weights", self.ticket.weights)
            self.folder.save("rewound_optimizer", self.ticket.optimizer_state)
            numbers = [self.ticket.step, self.ticket.steps_per_epoch]
            self.folder.save("rewound_step", [np.array(numbers)])
        self.folder.save(f"weights_{number:02}", self._state[0])
        self.folder.save(f"optimizer_{number:02}", self._state[1])
        self.folder.save_masks(number + 1, self.ticket.masks)

    def _read(self, number):
        """Takes up what an earlier run has left after the ticket of a round."""
        folder = self.folder
        if not number:
            self.ticket.weights = folder.load("rewound_weights")
            self.ticket.optimizer_state = folder.load("rewound_optimizer")
            step, steps = folder.load("rewound_step")[0]
            self.ticket.step, self.ticket.steps_per_epoch = int(step), int(steps)
        self._state = (
            folder.load(f"weights_{number:02}"),
            folder.load(f"optimizer_{number:02}"),
        )
        self.masks.append(self.ticket.masks if number else self._all())
        self.ticket.masks = folder.load_masks(number + 1)

    def _rewound_epoch(self):
        # An epoch that was begun is trained as a whole.
        return self.ticket.step // self.ticket.steps_per_epoch

    def _all(self):
        variables = select_weights(self.model, self.which)
        return Masks.named(variables, [np.ones(v.shape, bool) for v in variables])


def _values(variables):
    return [np.array(ops.convert_to_numpy(variable)) for variable in variables]


def _assign(variables, values):
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _seed(*numbers):
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])


def _name(value):
    return getattr(value, "name", None) or getattr(value, "__name__", repr(value))
