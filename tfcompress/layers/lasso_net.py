"""A network with a linear skip connection, which lets features in or keeps them out."""

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.constraints.proximal_step import ProximalStep
from tfcompress.ops.hier_prox import hier_prox


@keras.saving.register_keras_serializable(package="tfcompress")
class LassoNet(keras.layers.Layer):
    r"""Dense layers beside a linear map; a feature enters them only through that map.

    $$ f(x) = x \theta + g_W(x), \qquad
       \min L + \lambda \sum_j \lVert \theta_j \rVert_2
       \;\text{s.t.}\; \lVert W^{(1)}_j \rVert_\infty \le M \lVert \theta_j \rVert_2 $$

    where row $j$ of θ and of the first hidden kernel belong to feature $j$. After each
    optimizer step both take the exact proximal step of this problem (`hier_prox`), with
    η λ, so that features leave as a whole: `selected` tells which are left. The layer
    stays as large and as slow as before; train a smaller one on the features that are
    left. The loss that `fit` reports does not contain the penalty. With adaptive
    optimizers the step is not scaled as the loss's is: use SGD along a path of λ, as
    `tfcompress.lassonet_path` does.

    Args:
        units: Integer, size of the output: logits of classes, or values.
        hidden_units: Integers, the sizes of the hidden layers; at least one.
        activation: Activation of the hidden layers.
        hierarchy: Float `> 0`, the factor M: near 0 the model is a linear lasso, the
            larger it is the more the hidden layers decide.
        strength: Float `>= 0`, the factor λ. It is a variable: assign to
            `layer.strength` between fits, and no step is compiled anew.
        learning_rate: Float `>= 0` or optimizer, the rate η of the proximal step, as in
            `tfcompress.constraints.ProximalStep`. Give the optimizer where its rate
            changes.

    Input shape:
        `(batch, features)`.

    Output shape:
        `(batch, units)`.

    Raises:
        ValueError: If an argument is out of its range, or inputs are not of rank 2.

    Example:

    Of three features one matters; those that do not are out after a few steps.

    >>> keras.utils.set_random_seed(0)
    >>> sgd = keras.optimizers.SGD(0.05)
    >>> layer = tfc.layers.LassoNet(1, (4,), strength=4.0, learning_rate=sgd)
    >>> model = keras.Sequential([keras.Input((3,)), layer])
    >>> model.compile(sgd, "mse")
    >>> x = np.random.default_rng(0).normal(size=(64, 3)).astype("float32")
    >>> _ = model.fit(x, 2 * x[:, :1], epochs=50, verbose=0)
    >>> layer.selected.tolist()
    [0]

    References:
        - [Lemhadri et al., 2021](https://arxiv.org/abs/1907.12207)
    """

    def __init__(
        self,
        units,
        hidden_units=(100,),
        activation="relu",
        *,
        hierarchy=10.0,
        strength=0.0,
        learning_rate=1e-3,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = _checks.integer("units", units, low=1)
        what = "sizes of hidden layers"
        self.hidden_units = tuple(
            _checks.integer("hidden_units", size)
            for size in _checks.several("hidden_units", hidden_units, what)
        )
        self.activation = keras.activations.get(activation)
        self.hierarchy = _checks.number("hierarchy", hierarchy, low=0, open_low=True)
        self._strength = _checks.number("strength", strength, low=0)
        self.step = ProximalStep(_Hierarchy(self), learning_rate=learning_rate)
        self.hidden = [
            keras.layers.Dense(size, self.activation, name=f"hidden_{i}")
            for i, size in enumerate(self.hidden_units)
        ]
        self.output_layer = keras.layers.Dense(self.units, name="output")
        self.skip = keras.layers.Dense(self.units, use_bias=False, name="skip")

    def build(self, input_shape):
        if len(input_shape) != 2:
            rule = "have two axes, (batch, features)"
            raise _checks.error("inputs", rule, tuple(input_shape))
        shape = input_shape
        for layer in (*self.hidden, self.output_layer):
            layer.dtype_policy = self.dtype_policy
            layer.build(shape)
            shape = layer.compute_output_shape(shape)
        self.skip.dtype_policy = self.dtype_policy
        self.skip.build(input_shape)
        self.strength = self.add_weight(
            name="strength",
            shape=(),
            initializer=keras.initializers.Constant(self._strength),
            trainable=False,
            dtype="float32",
            autocast=False,
        )
        self.skip.kernel.constraint = self.step

    def call(self, inputs):
        hidden = inputs
        for layer in self.hidden:
            hidden = layer(hidden)
        return self.skip(inputs) + self.output_layer(hidden)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    @property
    def selected(self):
        """Indices of the features that the layer still takes in."""
        theta = ops.convert_to_numpy(self.skip.kernel)
        return np.flatnonzero(np.any(theta != 0, axis=1))

    def get_config(self):
        strength = self.strength if self.built else self._strength
        return {
            **super().get_config(),
            "units": self.units,
            "hidden_units": list(self.hidden_units),
            "activation": keras.activations.serialize(self.activation),
            "hierarchy": self.hierarchy,
            "strength": float(ops.convert_to_numpy(strength)),
            "learning_rate": self.step.get_config()["learning_rate"],
        }


class _Hierarchy(keras.regularizers.Regularizer):
    """The penalty of a `LassoNet` and its bound, on two variables at once.

    It is the skip kernel's constraint. Constraints run when all variables have been
    updated, so it may take the hidden kernel along.
    """

    def __init__(self, layer):
        self.layer = layer

    def __call__(self, theta):
        norms = ops.sqrt(ops.sum(ops.square(theta), axis=1))
        return ops.cast(self.layer.strength, theta.dtype) * ops.sum(norms)

    def proximal_step(self, theta, rate):
        first = self.layer.hidden[0].kernel
        step = rate * ops.cast(self.layer.strength, "float32")
        theta, weights = hier_prox(theta, first, step, self.layer.hierarchy)
        first.assign(weights)
        return theta

    def get_config(self):
        return {}
