"""What training in another process is told: checked here, before it starts."""

import dataclasses

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.interop.probe import EXAMPLES, arrays


@dataclasses.dataclass(frozen=True)
class Fitting:
    """Examples, and how a model is trained on them.

    Args:
        x: An array for each input of the model.
        y: The targets.
        options: The arguments of `tfcompress.interop.legacy.training`, plain values.
    """

    x: list[np.ndarray]
    y: np.ndarray
    options: dict

    @property
    def some(self) -> list[np.ndarray]:
        """A few of the inputs, to compare models on."""
        return [one[:EXAMPLES] for one in self.x]

    @classmethod
    def of(
        cls, model, data, loss, optimizer, learning_rate, epochs, batch_size, seed
    ) -> "Fitting":
        """Returns the fitting that a user's arguments ask for.

        Raises:
            TypeError: `optimizer` or `loss` is no name, nor a loss of Keras.
            ValueError: `data` is no pair that fits the model, or a number is out of
                range.
        """
        if len(model.outputs) > 1:
            rule = "have one output, to be trained by one loss"
            raise _checks.error("model", rule, len(model.outputs))
        if not isinstance(data, (tuple, list)) or len(data) != 2:
            raise _checks.error("data", "be a pair (x, y)", type(data).__name__)
        x, y = arrays("data", data[0], model), np.asarray(data[1])
        if y.dtype.kind not in "biuf" or not np.isfinite(y).all():
            raise _checks.error("data", "hold targets that are finite", y.dtype.name)
        for array, tensor in zip(x, model.inputs, strict=True):
            sizes = zip(array.shape[1:], tensor.shape[1:], strict=False)
            wrong = array.ndim != len(tensor.shape) or any(
                have != want for have, want in sizes if want is not None
            )
            if wrong or len(array) != len(y):
                rule = f"hold {len(y)} examples of the shape {tuple(tensor.shape)[1:]}"
                raise _checks.error("data", rule, array.shape)
        what = "the name of an optimizer of Keras, such as 'adam'"
        rate = _checks.number("learning_rate", learning_rate, low=0, open_low=True)
        options = {
            "optimizer": _checks.instance("optimizer", optimizer, str, what),
            "learning_rate": rate,
            "loss": _loss(model, loss),
            "epochs": _checks.integer("epochs", epochs),
            "batch_size": _checks.integer("batch_size", batch_size),
            "seed": seed if seed is None else _checks.integer("seed", seed, low=0),
        }
        return cls(x, y, options)


def _loss(model, loss):
    if loss is None:
        loss = model.loss if model.compiled else None
    if isinstance(loss, str):
        return loss
    kind = type(loss).__name__
    if type(loss) is not getattr(keras.losses, kind, None):
        rule = "be the name of a loss of Keras, or such a loss"
        remedy = "None stands for that which the model is compiled with."
        raise _checks.error("loss", rule, loss, remedy=remedy, kind=TypeError)
    return {"class_name": kind, "config": loss.get_config()}
