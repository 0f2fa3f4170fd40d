"""Training all the networks that an elastic one holds."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.elastic.activate import activate, stages
from tfcompress.elastic.setting import Setting
from tfcompress.schedules.position import check_position, to_step


class ProgressiveShrinking(keras.callbacks.Callback):
    """Trains an elastic network in another setting at each step of `fit`.

    Each stage draws its own setting. The kernel sizes are free from the beginning, the
    depths from one position of the run on, the widths from another: what is free stays
    free. Begin with a network that has been trained as it is, the largest, and let that
    teach all others, by `tfcompress.callbacks.Distill`.

    Most of the run is for the last part, when all is free: the narrow networks have the
    most to learn, and where the learning rate falls, the most of it should be left.

    Validation is that of the largest, which is also what is in use at the end of each
    epoch and after `fit`: list this before callbacks that save the model. The channels
    are sorted in the beginning, largest weights first, which changes no output: compile
    anew before, for what an optimizer remembers is not sorted.

    Args:
        kernel_sizes: Position from which kernel sizes are free: a step (`500`), epochs
            (`"3 epochs"`) or a share of the run (`"10%"`).
        depths: The same for depths.
        widths: The same for widths.
        seed: Integer, of what is drawn.

    Raises:
        ValueError: If a position is none. In `fit`: if the number of steps is not
            known, or the model has no `ElasticStage`.

    References:
        - [Cai et al., 2019](https://arxiv.org/abs/1908.09791)
    """

    def __init__(self, *, kernel_sizes="0%", depths="15%", widths="30%", seed=0):
        super().__init__()
        self.kernel_sizes = check_position("kernel_sizes", kernel_sizes)
        self.depths = check_position("depths", depths)
        self.widths = check_position("widths", widths)
        self.seed = _checks.integer("seed", seed, low=0)

    def on_train_begin(self, logs=None):
        self._stages = stages(self.model)
        self._steps = self.params["steps"]
        if not self._steps:
            remedy = "Give `fit` the argument, or data of known length."
            raise _checks.error(
                "steps_per_epoch", "be known", self._steps, remedy=remedy
            )
        self._begins = [
            to_step(name, getattr(self, name), self._steps, self.params["epochs"])
            for name in ("depths", "widths", "kernel_sizes")
        ]
        self._random = np.random.default_rng(self.seed)
        activate(self.model)
        for stage in self._stages.values():
            stage.sort_channels()

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_start = epoch * self._steps

    def on_train_batch_begin(self, batch, logs=None):
        step = self._epoch_start + batch
        for stage in self._stages.values():
            options = stage.depths, stage.widths, stage.kernel_sizes
            drawn = [
                int(self._random.choice(sizes)) if step >= begin else sizes[0]
                for sizes, begin in zip(options, self._begins, strict=True)
            ]
            stage.use(Setting(*drawn))

    def on_test_begin(self, logs=None):
        activate(self.model)

    def on_epoch_end(self, epoch, logs=None):
        activate(self.model)
