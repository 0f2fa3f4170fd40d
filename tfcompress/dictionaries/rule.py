"""What a dictionary answers: its atoms, from a rule or from data."""

import numpy as np

from tfcompress import _checks
from tfcompress.examples import examples
from tfcompress.ops.normal_hash import normal_numbers
from tfcompress.ops.observed_inputs import ObservedInputs


class Rule:
    r"""A dictionary that follows from its arguments: it is never stored.

    Its atoms are the columns of $U$, one entry for each row of a weight. A new one
    overrides `entries` and `get_config`, and `computable_in_graph` if `entries` knows
    NumPy alone.
    """

    computable_in_graph = True

    def check(self, shape, count):
        """Raises where the dictionary has no `count` atoms for a weight.

        `shape` is that of the weight without its last axis.
        """
        features = int(np.prod(shape))
        if count > features:
            rule = f"be at most {features}, the rows of the weight"
            raise _checks.error("atoms", rule, count)

    def entries(self, rows, shape, count, xp=np):
        """Returns the rows of $U$ whose indices are `rows`, as `(rows, count)`.

        `xp` is `numpy`, or `keras.ops` for tensors.
        """
        raise NotImplementedError

    def atoms(self, shape, count) -> np.ndarray:
        """Returns $U$, of shape `(features, count)` in float32."""
        self.check(shape, count)
        rows = np.arange(int(np.prod(shape)), dtype="int32")
        return np.asarray(self.entries(rows, shape, count), "float32")

    def get_config(self):
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class DataRule:
    r"""A dictionary that is made from the inputs of a layer: it must be stored.

    Nothing rebuilds it, so its $U$ is counted and saved with the model, in full. A new
    one overrides `learn` and `get_config`.

    Args:
        inputs: A batch of what the layer gets, of shape `(..., features)`; or None, for
            `tfcompress.convert(..., inputs=x)` to give each layer its own.
    """

    def __init__(self, inputs=None):
        self.observed = None
        self._was_learned = False
        if inputs is not None:
            inputs = np.asarray(examples("inputs", inputs))
            if inputs.ndim < 2 or not inputs.size:
                rule = "be a batch of shape (..., features)"
                raise _checks.error("inputs", rule, inputs.shape)
            inputs = inputs.astype("float32", copy=False)
            self.observed = ObservedInputs(inputs.shape[-1])
            self.observed.add(inputs)

    def learn(self, observed: ObservedInputs, count: int) -> np.ndarray:
        """Returns `count` atoms, of shape `(features, count)`, for the inputs seen."""
        raise NotImplementedError

    @property
    def learned(self):
        """Whether there are inputs, or were before the rule was saved."""
        return self.observed is not None or self._was_learned

    def given(self, observed: ObservedInputs) -> "DataRule":
        """Returns this rule with the inputs of a layer, if it has none of its own."""
        if self.learned:
            return self
        rule = type(self).from_config(self.get_config())
        rule.observed = observed
        return rule

    def check(self, shape, count):
        """Raises where the dictionary has no `count` atoms for a weight.

        `shape` is that of the weight without its last axis.
        """
        features = int(np.prod(shape))
        if not self.learned:
            rule = f"be made from data, and there is none for a {type(self).__name__}"
            remedy = (
                "Give it a batch of the layer's inputs, or convert a model with "
                "`tfcompress.convert(..., inputs=x)`."
            )
            raise _checks.error("dictionary", rule, None, remedy=remedy)
        if self.observed is not None and self.observed.features != features:
            rule = f"be of {features} features, as the weight has rows"
            raise _checks.error("inputs", rule, self.observed.features)
        if count > features:
            rule = f"be at most {features}, the rows of the weight"
            raise _checks.error("atoms", rule, count)

    def atoms(self, shape, count) -> np.ndarray:
        """Returns $U$, of shape `(features, count)` in float32.

        Of a rule that was saved, random atoms: the true ones come with the weights of
        the model, as they do for any other variable.
        """
        self.check(shape, count)
        if self.observed is None:
            features = int(np.prod(shape))
            index = np.arange(features * count).reshape(features, count)
            return normal_numbers(index, 0) / features**0.5
        return np.asarray(self.learn(self.observed, count), "float32")

    def get_config(self):
        return {"learned": self.learned}

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        was_learned = config.pop("learned", False)
        rule = cls(**config)
        rule._was_learned = was_learned
        return rule
