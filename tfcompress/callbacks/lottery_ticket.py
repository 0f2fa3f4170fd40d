"""One round of iterative magnitude pruning in each `fit`."""

import math

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.callbacks.masked_weight import MaskedWeight
from tfcompress.callbacks.rewind_weights import RewindWeights
from tfcompress.callbacks.values import magnitudes
from tfcompress.distributions.distribution import Distribution
from tfcompress.distributions.uniform import Uniform
from tfcompress.masks import Masks
from tfcompress.ops.keep_largest import keep_count, keep_largest
from tfcompress.patterns.unstructured import Unstructured
from tfcompress.schedules.position import check_position
from tfcompress.selection import check_which, select_weights


@keras.saving.register_keras_serializable(package="tfcompress")
class LotteryTicket(RewindWeights):
    r"""Removes small weights at the end of each `fit`, and rewinds those that stay.

    Each `fit` with the callback is a round. All through it the weights that are
    removed are zero. At its end, of the $n_r$ weights that are left,

    $$ n_{r+1} = round(n_r (1 - fraction)) $$

    are kept, those that training has made largest; they go back to their values of
    `rewind_to`, in the first round. So `fit` ends with a model to be trained, sparser
    than before. `fraction=0` ends the search: that round only trains.

    List it after callbacks that bring weights back, such as `EarlyStopping`.

    Rounds cost as much as training the dense model each: zeros make no step faster.
    What is gained is a sparse model that learns as well from the beginning.
    `tfc.find_ticket` runs all rounds and measures them.

    Args:
        fraction: Float in [0, 1), the share of the weights left that a round removes.
        rewind_to: The step that is gone back to, as in `RewindWeights`.
        rewind: `"weights"`: weights and optimizer go back. `"learning_rate"`: only the
            optimizer's step count and learning rate. None: nothing (fine-tuning).
        which: The weights, as for `PruneLowMagnitude`; None for all kernels.
        scope: `"layer"`: each weight loses the same share. `"global"`: all weights are
            compared with each other. Or a distribution: `PerLayer({"head": 0.1})` for
            an output layer of which less is removed.

    Raises:
        ValueError: If an argument is outside its range; before training: as
            `RewindWeights` and `PruneLowMagnitude` do, or if a weight would have
            nothing left.
        TypeError: If an argument is of the wrong kind.

    Example:

    >>> dense = keras.layers.Dense(10)
    >>> model = keras.Sequential([keras.Input((8,)), dense])
    >>> model.compile("sgd", "mse")
    >>> start = dense.kernel.numpy()
    >>> ticket = tfc.callbacks.LotteryTicket(0.5)
    >>> x, y = np.ones((4, 8)), np.ones((4, 10))
    >>> for _ in range(3):
    ...     history = model.fit(x, y, verbose=0, callbacks=[ticket])
    >>> ticket.masks.kept  # 80, 40, 20, 10
    10
    >>> left = dense.kernel.numpy() != 0
    >>> bool((dense.kernel.numpy() == start * left).all())
    True

    References:
        - [Frankle and Carbin, 2019](https://arxiv.org/abs/1803.03635)
        - [Renda et al., 2020](https://arxiv.org/abs/2003.02389)
    """

    def __init__(
        self, fraction, *, rewind_to=0, rewind="weights", which=None, scope="layer"
    ):
        # Checked here, for its name.
        super().__init__(check_position("rewind_to", rewind_to))
        self.fraction = _checks.sparsity("fraction", fraction)
        self.rewind = _checks.choice(
            "rewind", rewind, ("weights", "learning_rate", None)
        )
        self.which = check_which(which)
        self.scope = scope
        if not isinstance(scope, Distribution):
            _checks.choice("scope", scope, ("layer", "global"))
        self.masks = None
        self.rounds = 0
        self._held = []

    def on_train_begin(self, logs=None):
        self._release()  # an earlier fit may have ended in an exception
        super().on_train_begin(logs)
        if not self.fraction:
            self._due = math.inf  # nothing will be rewound, so nothing need be kept
        self._variables = select_weights(self.model, self.which)
        if self.masks is None:
            ones = [np.ones(variable.shape, bool) for variable in self._variables]
            self.masks = Masks.named(self._variables, ones)
        self.masks.check(self._variables)
        self._count()
        self._held = [
            MaskedWeight(variable, Unstructured(), self.model)
            for variable in self._variables
        ]
        # A train function of an earlier fit would not know of the constraints.
        self.model.make_train_function(force=True)

    def state(self):
        if self.masks is None:  # `fit` was ended before it began
            return {}
        masks = {f"mask_{i}": np.packbits(mask) for i, mask in enumerate(self.masks)}
        key = self._backup.key(self)
        kept = super().state().get(key, {})
        return {key: {**kept, **masks, "rounds": np.array(self.rounds)}}

    def restore(self, arrays):
        if "step" in arrays:
            super().restore(arrays)
        self.rounds = int(arrays["rounds"])
        bits = [
            np.unpackbits(arrays[f"mask_{i}"], count=mask.size).reshape(mask.shape) > 0
            for i, mask in enumerate(self.masks)
        ]
        self.masks = Masks.named(self._variables, bits)
        self._count()

    def on_epoch_begin(self, epoch, logs=None):
        first = not self._started
        super().on_epoch_begin(epoch, logs)
        if first:
            for weight, kept in zip(self._held, self.masks, strict=True):
                weight.check()
                weight.keep(kept)

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            logs["sparsity"] = 1 - self.masks.density

    def on_train_end(self, logs=None):
        try:
            for weight in self._held:
                weight.apply()  # averaged or restored weights came without the mask
            if self.fraction:
                self._check()
                self._remove()
            self.rounds += 1
        finally:
            self._release()
            super().on_train_end(logs)

    def counts_after(self, alive, variables):
        """Returns how many weights a round keeps: of each, or of all in global scope.

        Args:
            alive: List of integers, how many are left: of each variable, or of all.
            variables: The variables that are pruned.

        Raises:
            ValueError: If that is none.
        """
        if self.scope == "global":
            counts, least = [round(sum(alive) * (1 - self.fraction))], len(variables)
        else:
            own = isinstance(self.scope, Distribution)
            scope = self.scope if own else Uniform()
            shares = scope.sparsities(self.model, variables, self.fraction)
            counts = [round(n * (1 - s)) for n, s in zip(alive, shares, strict=True)]
            least = 1
        if self.fraction and min(counts) < least:
            rule = "leave something of each weight in every round"
            remedy = f"Of {alive} weights one would keep {counts}."
            raise _checks.error("fraction", rule, self.fraction, remedy=remedy)
        return counts

    def get_config(self):
        chosen = isinstance(self.scope, Distribution)
        return {
            "fraction": self.fraction,
            "rewind_to": self.at,
            "rewind": self.rewind,
            "which": self.which,
            "scope": self.scope.get_config() if chosen else self.scope,
        }

    @classmethod
    def from_config(cls, config):
        if isinstance(config["scope"], dict):
            config = {**config, "scope": Distribution.from_config(config["scope"])}
        return cls(**config)

    def _count(self):
        """Finds out how many weights this round will keep."""
        alive = [int(np.count_nonzero(array)) for array in self.masks]
        self._counts = self.counts_after(alive, self._variables)

    def _remove(self):
        """Removes the smallest weights, and rewinds."""
        scores = [magnitudes(variable) for variable in self._variables]
        if not all(np.isfinite(score).all() for score in scores):
            raise ValueError(
                "Weights must be finite to be compared: training has diverged. "
                f"Received: model={self.model.name!r}"
            )
        alive = list(self.masks)
        if self.scope == "global":
            sparsity = 1 - self._counts[0] / self.masks.size
            kept = keep_largest(scores, alive, sparsity)
        else:
            parts = zip(scores, alive, self._counts, strict=True)
            kept = [keep_count([s], [a], count)[0] for s, a, count in parts]
        self.masks = Masks.named(self._variables, kept)
        if self.rewind == "weights":
            self.restore_weights()
        elif self.rewind == "learning_rate":
            self.restore_learning_rate()
        for weight, mask in zip(self._held, self.masks, strict=True):
            weight.keep(mask)

    def _release(self):
        for weight in self._held:
            weight.release()
        if self._held:
            self.model.make_train_function(force=True)
        self._held = []
