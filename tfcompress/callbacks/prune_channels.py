"""Pruning of whole channels, of all layers that share them at once."""

from typing import ClassVar

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.callbacks.channel_groups import channel_groups, check_names
from tfcompress.callbacks.channel_scores.activation import Activation
from tfcompress.callbacks.channel_scores.batch_norm_scale import BatchNormScale
from tfcompress.callbacks.channel_scores.channel_score import ChannelScore
from tfcompress.callbacks.channel_scores.norm import Norm
from tfcompress.callbacks.channel_scores.taylor import Taylor
from tfcompress.callbacks.masked_weight import MaskedWeight
from tfcompress.callbacks.pruning import Pruning
from tfcompress.ops.keep_largest import keep_largest
from tfcompress.patterns.unstructured import Unstructured

SCORES = {
    "norm": Norm,
    "bn_scale": BatchNormScale,
    "taylor": Taylor,
    "activation": Activation,
}


@keras.saving.register_keras_serializable(package="tfcompress")
class PruneChannels(Pruning):
    r"""Removes units, filters and channels during `fit`, on a schedule.

    $$ alive_c = [s_c \text{ is among the } round(n (1 - s_t)) \text{ largest}] $$

    of the $n$ channels of a group. Channels that run through several layers, as those
    of a residual stream do, are one group and leave all of them or none. Of a removed
    channel all weights are zero: those that make it, those that go along with it
    (biases, the scale and shift of normalizations, depthwise kernels) and those that
    read it. At least one channel of each group is kept.

    The model is as large and as slow as before; `tfc.shrink` takes the channels out,
    with the same outputs.
    Channels that cannot leave, such as those of the outputs, are left alone;
    `tfc.surgery.coupled_groups(model)` tells why.

    Args:
        schedule: A schedule of `tfcompress.schedules`; its sparsity is the share of
            channels removed.
        by: What a channel is worth. `"norm"`: the length of the weights that make it.
            `"bn_scale"`: the scales of its batch normalizations. `"taylor"`: the first
            order change of the loss, `|sum of weight times gradient|`. `"activation"`:
            its mean absolute value. Or a `tfcompress.callbacks.ChannelScore` of your
            own. The last two of the four look at the training batches.
        which: None for all groups that can lose channels; or the name of a layer that
            makes the channels, a glob, or a list of these.
        scope: `"layer"`: each group loses the same share. `"global"`: the channels of
            all groups are compared, norms and activations relative to the root mean
            square of their group.

    Raises:
        ValueError: Before training: as `PruneLowMagnitude` does; or if `which` names
            what cannot lose channels, or what `by` cannot score.
        TypeError: If `by` is no score.

    Example:

    >>> dense = [keras.layers.Dense(8, "relu", name="a"), keras.layers.Dense(1)]
    >>> model = keras.Sequential([keras.Input((4,)), *dense])
    >>> model.compile("sgd", "mse")
    >>> prune = tfc.callbacks.PruneChannels(tfc.schedules.Constant(0.75), by="taylor")
    >>> x, y = np.ones((32, 4)), np.ones((32, 1))
    >>> history = model.fit(x, y, batch_size=4, verbose=0, callbacks=[prune])
    >>> prune.summary()
    {'a': {'size': 8, 'kept': 2, 'sparsity': 0.75, 'remark': ''}}
    >>> int(np.count_nonzero(model.layers[0].kernel.numpy().any(axis=0)))
    2

    References:
        - [Li et al., 2017](https://arxiv.org/abs/1608.08710), `"norm"`
        - [Liu et al., 2017](https://arxiv.org/abs/1708.06519), `"bn_scale"`
        - [Molchanov et al., 2019](https://arxiv.org/abs/1906.10771), `"taylor"`
        - [Fang et al., 2023](https://arxiv.org/abs/2301.12900), on coupled groups
    """

    titles: ClassVar[dict[str, str]] = {"of": "Channels", "remark": "Shared with"}

    def __init__(self, schedule, by="norm", *, which=None, scope="layer"):
        super().__init__(schedule, which=check_names(which))
        self.scope = _checks.choice("scope", scope, ("layer", "global"))
        if not isinstance(by, ChannelScore):
            _checks.choice("by", by, SCORES)
        self.by = by
        self._score = by if isinstance(by, ChannelScore) else SCORES[by]()
        self._groups = []

    @property
    def ready(self):
        return self._score.ready

    @property
    def sparsity(self):
        size = sum(group.size for group in self._groups)
        kept = sum(int(alive.sum()) for alive in self._alive) if size else 0
        return 1 - kept / size if size else 0.0

    def summary(self):
        """Returns a dict: name of a group -> `size`, `kept`, `sparsity`, `remark`.

        The remark names the other layers that share the channels.
        """
        rows = {}
        for group, alive in zip(self._groups, self._alive, strict=True):
            size, kept = group.size, int(alive.sum())
            row = {"size": size, "kept": kept, "sparsity": 1 - kept / size}
            rows[group.name] = {**row, "remark": ", ".join(group.sources[1:])}
        return rows

    def state(self):
        """Returns the masks, and what the score has seen since their last update."""
        return {**super().state(), self._backup.key(self): self._score.seen()}

    def on_test_begin(self, logs=None):
        self._score.pause()

    def on_test_end(self, logs=None):
        self._score.resume()

    def get_config(self):
        return {
            "schedule": self.schedule.get_config(),
            "by": self.by,
            "which": self.which,
            "scope": self.scope,
        }

    def _attach(self):
        super()._attach()
        self._score.attach(self.model, self._groups)

    def _masked_weights(self):
        self._groups = channel_groups(self.model, self.which)
        self._alive = [np.ones(group.size, bool) for group in self._groups]
        weights = {}
        for group, alive in zip(self._groups, self._alive, strict=True):
            for member in _masked_members(group):
                variable = member.variable
                weight = weights.get(id(variable)) or _ChannelWeight(
                    variable, self.model
                )
                weights[id(variable)] = weight
                weight.members.append((member, alive))
        return list(weights.values())

    def _start(self):
        super()._start()
        for group, alive in zip(self._groups, self._alive, strict=True):
            # Of an earlier run. What is dead altogether is taken as new.
            living = group.norms() > 0
            alive[:] = living if living.any() else True
        for weight in self._weights:
            weight.keep_alive()
        if arrays := self._loaded():
            self._score.see_again(arrays)

    def _update(self, step):
        sparsity = self._plan.sparsity(step)
        together = list(range(len(self._groups)))
        parts = [together] if self.scope == "global" else [[i] for i in together]
        for part in parts:
            groups = [self._groups[i] for i in part]
            scores = [self._score.checked(group, self.scope) for group in groups]
            choice = keep_largest(scores, [self._alive[i] for i in part], sparsity)
            for i, kept in zip(part, choice, strict=True):
                self._alive[i][:] = kept
        for weight in self._weights:
            weight.keep_alive()
        self._score.reset()

    def _release(self):
        self._score.detach()
        super()._release()


class _ChannelWeight(MaskedWeight):
    """A variable that channels of one group or several run through."""

    def __init__(self, variable, model):
        super().__init__(variable, Unstructured(), model)
        self.members = []

    def start(self, kept=None):
        """Keeps everything: a zero of a bias is no sign that its channel is dead."""
        self.check()

    def keep_alive(self):
        """Keeps the channels that are alive."""
        kept = np.ones(self.variable.shape, bool)
        for member, alive in self.members:
            inside = np.where(member.channels < 0, True, alive[member.channels])
            shape = [1] * kept.ndim
            shape[member.axis] = -1
            kept &= inside.reshape(shape)
        self.keep(kept)


def _masked_members(group):
    """Returns the members that are zero where a channel is removed."""
    for member in group.members:
        variable = member.variable
        # Moving statistics are not trained, and behind a scale of zero.
        if isinstance(variable, keras.Variable) and variable.trainable:
            yield member
