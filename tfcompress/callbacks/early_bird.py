"""The channels that matter, known early in training."""

import collections

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.callbacks.channel_groups import channel_groups, check_names
from tfcompress.callbacks.channel_scores.channel_score import ChannelScore
from tfcompress.callbacks.channel_scores.norm import Norm
from tfcompress.callbacks.prune_channels import SCORES
from tfcompress.callbacks.resumable import Resumable
from tfcompress.masks import Masks
from tfcompress.ops.keep_largest import keep_largest


@keras.saving.register_keras_serializable(package="tfcompress")
class EarlyBird(Resumable):
    r"""Draws a ticket, which channels stay, once it no longer changes in training.

    After each epoch $t$ the channels are ranked, all groups together, and a mask $m_t$
    keeps the best of them. The ticket is drawn when the last `patience` masks are alike:

    $$ \max_{i<patience} \frac{|m_t \oplus m_{t-i}|}{n} \le threshold $$

    for $n$ channels. Then training stops: `tfc.shrink(model, keep=callback.keep)` is the
    small network, with the weights trained so far; `tfc.train_early_bird` does both and
    trains on. What is gained is the time of the epochs that train the small network in
    place of the large one.

    Channels of equal score, such as scales that training has not yet moved, are ranked
    by the length of the weights that make them. Each layer keeps a channel at least.

    A run that is cut, and resumed by `BackupAndRestore` after an epoch, has its masks
    again. List that before this callback only with scores that look at weights alone.

    `logs["mask_distance"]` is the distance above, over the masks there are; 1 after the
    first epoch, which has none to compare with.

    Args:
        sparsity: Float in [0, 1), the share of all channels that leave.
        criterion: What a channel is worth: `"bn_scale"`, `"norm"`, `"taylor"`,
            `"activation"` or a `tfcompress.callbacks.ChannelScore`, as in
            `PruneChannels`. All but the first work without batch normalization.
        patience: Integer `>= 2`, the number of masks that must be alike, the newest
            among them; the ticket comes after so many epochs at the earliest.
        threshold: Float in (0, 1], the greatest distance at which masks are alike.
        penalty: Float `>= 0`, the strength of an L1 penalty on the scales of batch
            normalizations, for the length of `fit`. None for 1e-4 with `"bn_scale"`,
            which needs it, and 0 otherwise.
        which: The layers, as for `PruneChannels`; None for all that can lose channels.
        scope: `"global"`: the channels of all groups are compared. `"layer"`: each
            group loses the same share.
        stop: Whether training stops at the draw. If not, masks are compared to the end.

    Raises:
        ValueError: If an argument is outside its range; before training: if the model
            has no channels that can leave, or none that `criterion` can score, or no
            scales for the `penalty`.
        TypeError: If an argument is of the wrong kind.

    Example:

    >>> parts = [keras.layers.Dense(8, "relu", name="a"), keras.layers.Dense(1)]
    >>> model = keras.Sequential([keras.Input((4,)), *parts])
    >>> model.compile(keras.optimizers.SGD(1e-3), "mse")
    >>> bird = tfc.callbacks.EarlyBird(0.75, "norm", patience=3)
    >>> x, y = np.ones((4, 4)), np.ones((4, 1))
    >>> history = model.fit(x, y, epochs=9, verbose=0, callbacks=[bird])
    >>> len(history.epoch), bird.epoch, bird.ticket.kept
    (3, 3, 2)
    >>> tfc.shrink(model, keep=bird.keep).layers[0].units
    2

    References:
        - [You et al., 2020](https://arxiv.org/abs/1909.11957)
    """

    def __init__(
        self,
        sparsity,
        criterion="bn_scale",
        *,
        patience=5,
        threshold=0.1,
        penalty=None,
        which=None,
        scope="global",
        stop=True,
    ):
        super().__init__()
        self.sparsity = _checks.sparsity("sparsity", sparsity)
        if not isinstance(criterion, ChannelScore):
            _checks.choice("criterion", criterion, SCORES)
        self.criterion = criterion
        self.patience = _checks.integer("patience", patience, low=2)
        self.threshold = _checks.ratio("threshold", threshold)
        if penalty is not None:
            penalty = _checks.number("penalty", penalty, low=0)
        self.penalty = penalty
        self.which = check_names(which)
        self.scope = _checks.choice("scope", scope, ("global", "layer"))
        self.stop = _checks.boolean("stop", stop)
        own = isinstance(criterion, ChannelScore)
        self._score = criterion if own else SCORES[criterion]()
        self._penalized = []
        self._begun = False
        self._reset()

    @property
    def keep(self):
        """What `tfc.shrink` takes: a dict, name of a layer -> indices of its units."""
        if self.ticket is None:
            raise ValueError(
                "No ticket was drawn: the masks have not settled. Train longer, or "
                f"raise `threshold`. Received: threshold={self.threshold!r}, "
                f"distances={[round(d, 3) for d in self._distances]}"
            )
        keep = {}
        for group, alive in zip(self._groups, self.ticket, strict=True):
            for source, channels in group.units.items():
                keep[source] = np.flatnonzero(alive[channels]).tolist()
        return keep

    def distances(self):
        """Returns an array `(epochs, epochs)`: the distance of each mask to each."""
        masks = self.masks
        return np.array([[one.distance(other) for other in masks] for one in masks])

    def plot(self, path):
        """Writes `distances()` as a heat map, with the draw, to `path`; returns it."""
        from matplotlib.figure import Figure

        from tfcompress.writing import picture_target, whole_file

        picture_target(path)
        figure = Figure(figsize=(5, 4.2), layout="constrained")
        axes = figure.add_subplot()
        edge = len(self.masks) + 0.5
        picture = axes.imshow(
            self.distances(), extent=(0.5, edge, edge, 0.5), cmap="viridis", vmin=0
        )
        figure.colorbar(picture, label="share of channels that differ")
        if self.epoch is not None:
            axes.axvline(self.epoch, color="w", linestyle=":")
            axes.axhline(self.epoch, color="w", linestyle=":")
        axes.set(xlabel="epoch", ylabel="epoch", title=f"sparsity {self.sparsity:g}")
        with whole_file(path) as draft:
            figure.savefig(draft, dpi=150)
        return path

    def state(self):
        if not self._begun:
            return {}
        # A backup of the first epoch has no mask yet if it is made before this one.
        rows = [np.concatenate([*mask]) for mask in self.masks]
        arrays = {"masks": np.array(rows), "first": np.array(self._first)}
        return {self._backup.key(self): arrays}

    def restore(self, arrays):
        """Takes back what `state` returned."""
        self._first = int(arrays["first"])
        ends = np.cumsum([group.size for group in self._groups])[:-1]
        names = [group.name for group in self._groups]
        for row in arrays["masks"]:
            parts = np.split(row.astype(bool), ends)
            self._draw(Masks(dict(zip(names, parts, strict=True))))

    def on_train_begin(self, logs=None):
        self._release()  # an earlier fit may have ended in an exception
        self._reset()
        self._begun = False
        self._groups = channel_groups(self.model, self.which)
        self._score.attach(self.model, self._groups)
        slimming = self.criterion == "bn_scale"
        penalty = 1e-4 * slimming if self.penalty is None else self.penalty
        if penalty:
            self._penalize(penalty)
        self.model.make_train_function(force=True)

    def on_test_begin(self, logs=None):
        self._score.pause()

    def on_test_end(self, logs=None):
        self._score.resume()

    def on_epoch_begin(self, epoch, logs=None):
        if self._begun:
            return
        self._begun, self._first = True, epoch
        if arrays := self._loaded():
            self.restore(arrays)
            # The backup may have been made before the last mask was.
            if self._first + len(self.masks) < epoch:
                self._draw(self._mask())

    def on_epoch_end(self, epoch, logs=None):
        if hasattr(self.model, "jax_state_sync"):  # within an epoch JAX has the weights
            self.model.jax_state_sync()
        self._draw(self._mask())
        self._score.reset()
        if logs is not None:
            logs["mask_distance"] = self._distances[-1]
        if self.epoch == epoch + 1:
            self.model.stop_training |= self.stop

    def _draw(self, mask):
        """Takes the mask of one more epoch, and the ticket if the last are alike."""
        last = [mask.distance(other) for other in self._queue]
        self.masks.append(mask)
        self._queue.append(mask)
        self._distances.append(max(last, default=1.0))
        settled = (
            len(last) >= self.patience - 1 and self._distances[-1] <= self.threshold
        )
        if settled and self.ticket is None:
            self.ticket, self.epoch = mask, self._first + len(self.masks)

    def on_train_end(self, logs=None):
        self._release()
        self._backup.leave(self)

    def get_config(self):
        return {
            "sparsity": self.sparsity,
            "criterion": self.criterion,
            "patience": self.patience,
            "threshold": self.threshold,
            "penalty": self.penalty,
            "which": self.which,
            "scope": self.scope,
            "stop": self.stop,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def _reset(self):
        self._groups = []
        self._distances = []
        # The newest is compared with those before it, `patience` together.
        self._queue = collections.deque(maxlen=self.patience - 1)
        self.masks = []
        self.ticket = None
        self.epoch = None

    def _mask(self):
        """Returns which channels are kept, by their scores of now."""
        scores = [self._score.checked(group, self.scope) for group in self._groups]
        # Of equal scores the first positions would be kept, whatever they are: after
        # few steps all scales of a normalization may be what they were made with.
        lengths = [Norm().checked(group, "global") for group in self._groups]
        ranks = _ranks(scores, lengths)
        together = list(range(len(ranks)))
        parts = [together] if self.scope == "global" else [[i] for i in together]
        kept = {}
        for part in parts:
            alive = [np.ones(ranks[i].shape, bool) for i in part]
            choice = keep_largest([ranks[i] for i in part], alive, self.sparsity)
            kept.update(zip(part, choice, strict=True))
        for i, group in enumerate(self._groups):
            for channels in group.units.values():  # layers that share channels in part
                if not kept[i][channels].any():
                    kept[i][channels[np.argmax(ranks[i][channels])]] = True
        names = [group.name for group in self._groups]
        return Masks({name: kept[i] for i, name in enumerate(names)})

    def _penalize(self, strength):
        """Adds the L1 penalty to the scales of all groups, until `_release`."""
        scales = {
            id(member.variable): member.variable
            for group in self._groups
            for member in group.roles("carries")
            if isinstance(member.layer, keras.layers.BatchNormalization)
            and member.weight == "gamma"
        }
        if not scales:
            rule = "be 0 or None for a model without scales of batch normalizations"
            raise _checks.error("penalty", rule, strength)
        for variable in scales.values():
            self._penalized.append((variable, variable.regularizer))
            variable.regularizer = _WithL1(strength, variable.regularizer)

    def _release(self):
        self._score.detach()
        for variable, regularizer in self._penalized:
            variable.regularizer = regularizer
        if self._penalized:
            self.model.make_train_function(force=True)
        self._penalized = []


class _WithL1(keras.regularizers.Regularizer):
    """The regularizer that a scale has, if any, and an L1 penalty."""

    def __init__(self, strength, inner):
        self.strength = strength
        self.inner = inner

    def __call__(self, x):
        penalty = self.strength * ops.sum(ops.abs(x))
        return penalty if self.inner is None else penalty + self.inner(x)

    def get_config(self):
        return {
            "strength": self.strength,
            "inner": keras.regularizers.serialize(self.inner) if self.inner else None,
        }


def _ranks(scores, ties):
    """Returns the place of each score among all, from the least on; ties by `ties`."""
    order = np.lexsort((np.concatenate(ties), np.concatenate(scores)))
    ranks = np.empty(len(order))
    ranks[order] = np.arange(len(order))
    return np.split(ranks, np.cumsum([len(score) for score in scores])[:-1])
