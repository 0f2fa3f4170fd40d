"""The weights of an early step, kept to go back to."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.callbacks.resumable import Resumable
from tfcompress.schedules.position import check_position, to_step


@keras.saving.register_keras_serializable(package="tfcompress")
class RewindWeights(Resumable):
    """Keeps weights and optimizer as they are at a step, to restore them later.

    With it a pruned model is trained again in one of three ways:

    - *weight rewinding*: `restore_weights()`, and train the rest of the run again;
    - *learning-rate rewinding*: `restore_learning_rate()`: the weights stay, the
      schedule of the learning rate is run through again;
    - *fine-tuning*: neither; training goes on at the last learning rate.

    Kept are all weights, moving averages of normalizations too, and all variables of
    the optimizer: step count, learning rate, moments. They take as much memory again.
    They are kept once, in the first `fit` that comes to the step; later ones leave them.
    A run that is cut, and resumed by `BackupAndRestore`, has them again.

    Args:
        at: The step (integer; 0 is before training), epochs (`"2 epochs"`) or share of
            the run (`"10%"`). With `steps_per_execution` the first that is seen from
            there on; `step` tells which it was.

    Raises:
        ValueError: Before training: if the run ends before `at` or begins after it, its
            length is not known, or the model is not built.

    Example:

    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> model.compile(keras.optimizers.SGD(0.1), "mse")
    >>> keep = tfc.callbacks.RewindWeights(at="1 epoch")
    >>> x, y = np.ones((8, 2)), np.ones((8, 1))
    >>> history = model.fit(x, y, batch_size=4, epochs=3, verbose=0, callbacks=[keep])
    >>> int(model.optimizer.iterations.numpy())
    6
    >>> keep.restore_weights()
    >>> int(model.optimizer.iterations.numpy())
    2

    References:
        - [Frankle et al., 2019](https://arxiv.org/abs/1903.01611)
        - [Renda et al., 2020](https://arxiv.org/abs/2003.02389)
    """

    def __init__(self, at=0):
        super().__init__()
        self.at = check_position("at", at)
        self.weights = None
        self.optimizer_state = None
        self.step = None
        self.steps_per_epoch = None

    def state(self):
        if self.weights is None:
            return {}
        kept = {"weights": self.weights, "optimizer": self.optimizer_state}
        arrays = {
            f"{name}_{i}": array for name in kept for i, array in enumerate(kept[name])
        }
        return {self._backup.key(self): {**arrays, "step": np.array(self.step)}}

    def restore(self, arrays):
        """Takes back what `state` returned."""
        self.weights, self.optimizer_state = (
            [
                arrays[f"{name}_{i}"]
                for i in range(sum(key.startswith(f"{name}_") for key in arrays))
            ]
            for name in ("weights", "optimizer")
        )
        self.step = int(arrays["step"])

    def on_train_begin(self, logs=None):
        self.steps_per_epoch = self.params["steps"]
        if not self.steps_per_epoch:
            remedy = "Give `fit` the argument, or data of known length."
            rule = "be known, to find the step in the run"
            value = self.steps_per_epoch
            raise _checks.error("steps_per_epoch", rule, value, remedy=remedy)
        if not self.model.built:
            remedy = "Begin it with `keras.Input`, or call it on a batch."
            raise _checks.error("model", "be built", self.model.name, remedy=remedy)
        epochs = self.params["epochs"]
        self._due = to_step("at", self.at, self.steps_per_epoch, epochs)
        if self.weights is None and self._due > self.steps_per_epoch * epochs:
            last = self.steps_per_epoch * epochs
            raise _checks.error("at", f"be within the run of {last} steps", self.at)
        self._started = False
        if not self.model.optimizer.built:
            self.model.optimizer.build(self.model.trainable_variables)
        # What later callbacks add to it (on JAX, masks) is theirs.
        self._slots = list(self.model.optimizer.variables)

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_start = epoch * self.steps_per_epoch
        if not self._started and (arrays := self._loaded()):
            self.restore(arrays)
        if not self._started and self.weights is None and self._epoch_start > self._due:
            rule = f"not be before the first step of this run, {self._epoch_start}"
            raise _checks.error("at", rule, self.at)
        self._started = True
        self._keep(self._epoch_start)

    def on_train_batch_end(self, batch, logs=None):
        # With steps_per_execution the last batch of an epoch may be counted too high.
        self._keep(self._epoch_start + min(batch + 1, self.steps_per_epoch))

    def on_train_end(self, logs=None):
        self._backup.leave(self)

    def restore_weights(self) -> None:
        """Gives the model all weights, and the optimizer its state, as they were kept."""
        self._check()
        self.model.set_weights(self.weights)
        self._restore_optimizer(lambda variable: True)

    def restore_learning_rate(self) -> None:
        """Gives the optimizer the step count and learning rate that were kept."""
        self._check()
        # By these names Keras's optimizers have them; moments have longer ones.
        names = ("iteration", "learning_rate")
        self._restore_optimizer(lambda variable: variable.name in names)

    def get_config(self):
        return {"at": self.at}

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def _keep(self, step):
        if self.weights is None and step >= self._due:
            if hasattr(self.model, "jax_state_sync"):  # within an epoch JAX has them
                self.model.jax_state_sync()
            self.weights = self.model.get_weights()
            numbers = map(keras.ops.convert_to_numpy, self._slots)
            self.optimizer_state = [number.copy() for number in numbers]
            self.step = step

    def _restore_optimizer(self, test):
        pairs = zip(self.model.optimizer.variables, self.optimizer_state, strict=False)
        for variable, value in pairs:
            if test(variable):
                variable.assign(value)

    def _check(self):
        if self.weights is None:
            raise ValueError(
                f"There are no weights to restore: no `fit` with this callback has come "
                f"to its step yet. Received: at={self.at!r}"
            )
