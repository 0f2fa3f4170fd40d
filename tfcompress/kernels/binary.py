"""A weight of signs, learned through latent real numbers."""

import math

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.constraints.weight_clip import WeightClip
from tfcompress.kernels.codes import Codes
from tfcompress.kernels.kernel import Kernel
from tfcompress.ops import binary


@keras.saving.register_keras_serializable(package="tfcompress")
class Binary(Kernel):
    r"""A weight of +1 and -1, with a scale per output channel by choice.

    Forward, with latent numbers $V$ of the weight's shape, $\operatorname{sign}(0) = +1$:

    $$ W = \operatorname{sign}(V) \quad\text{or}\quad
       W_{\cdot j} = \alpha_j \operatorname{sign}(V_{\cdot j}), \quad
       \alpha_j = \operatorname{mean}_i |V_{ij}| $$

    $\alpha_j \operatorname{sign}(V_{\cdot j})$ is the point of that form nearest to
    $V_{\cdot j}$. Backward the gradient passes the sign times a factor $f(V)$, which the
    `estimator` gives, and $V$ is kept in [-1, 1] after each step, beyond which it could
    grow without effect. $\alpha$ has its true gradient.

    | `estimator` | $f(v)$ |
    | --- | --- |
    | `"identity"` | 1 (BinaryConnect) |
    | `"clipped"` | 1 for $\lvert v\rvert \le 1$, else 0 (BNN) |
    | `"approximate"` | $\max(2 - 2 \lvert v\rvert, 0)$ (Bi-Real Net) |
    | `"swish"` | $5 (2 - 5 v \tanh(2.5 v)) / (1 + \cosh 5 v)$ (BNN+) |
    | `"magnitude_aware"` | as `"clipped"`, and $\alpha$ has no gradient (larq) |

    With `binarize_inputs` the inputs become signs as well. A network of such layers
    needs no multiplications (`tfcompress.runtime.XnorModel`).

    Not gained: in training time nothing, and in memory nothing while training, for
    $V$ is real. The exporter stores the signs in few bits.

    Args:
        scale: None, or `"channel"` for one scale per output channel (the last axis).
        estimator: The gradient of the weights' signs, see above. `"magnitude_aware"`
            needs a scale.
        binarize_inputs: None, or one of the first four estimators: inputs are replaced
            by their signs, with that gradient; BNN has `"clipped"`. Leave the first
            layer of a model without, for what it is given is not centred signs; there
            is a warning where it is built on the inputs of a model.
        input_scale: If True, outputs are multiplied with the mean of the sizes of the
            inputs that each of them sees, $K$ of XNOR-Net. Needs `binarize_inputs`,
            and a dense layer or a plain convolution.
        two_stage: If True, weights are $\tanh(V)$, and binarized inputs $\tanh(x)$,
            until `harden` is called (`tfcompress.callbacks.HardenSigns` does it in
            `fit`): bitwise networks. What was learned so is where the signs start.
        stochastic: If True, in training $W = +1$ with probability
            $\operatorname{clip}((V + 1) / 2, 0, 1)$, else -1 (times the scale). At
            inference the sign is taken: what is shipped is binary. (The paper keeps
            the real numbers there.)
        save_latent: If False, a saved model holds the signs, packed into bits, and the
            scales: 1/32 of $V$. Loaded it predicts the same; training it further
            starts from signs.
        seed: Integer for the draws of `stochastic`; drawn if None.

    Raises:
        ValueError: If an option is another word, if options do not go together, or if
            the host has a constraint.

    Example:

    >>> kernel = tfc.kernels.Binary(scale="channel")
    >>> kernel.build((3, 1))
    >>> round(kernel.encode([[0.5], [-0.1], [0.0]]), 2)  # becomes 0.2 * (1, -1, 1)
    0.73
    >>> kernel.stored_bits()  # three signs and one float32
    35

    References:
        - [Courbariaux et al., 2015](https://arxiv.org/abs/1511.00363)
        - [Courbariaux et al., 2016](https://arxiv.org/abs/1602.02830), binary inputs
        - [Rastegari et al., 2016](https://arxiv.org/abs/1603.05279), the scales
        - [Kim and Smaragdis, 2016](https://arxiv.org/abs/1601.06071), two stages
    """

    def __init__(
        self,
        *,
        scale=None,
        estimator="identity",
        binarize_inputs=None,
        input_scale=False,
        two_stage=False,
        stochastic=False,
        save_latent=True,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        every = (*binary.ESTIMATORS, "magnitude_aware")
        self.scale = _checks.choice("scale", scale, (None, "channel"))
        self.estimator = _checks.choice("estimator", estimator, every)
        self.binarize_inputs = _checks.choice(
            "binarize_inputs", binarize_inputs, (None, *binary.ESTIMATORS)
        )
        self.input_scale = _checks.boolean("input_scale", input_scale)
        self.two_stage = _checks.boolean("two_stage", two_stage)
        self.stochastic = _checks.boolean("stochastic", stochastic)
        self.save_latent = _checks.boolean("save_latent", save_latent)
        self.seed = None if seed is None else _checks.integer("seed", seed, low=0)
        if estimator == "magnitude_aware" and scale is None:
            rule = "go with scale='channel'"
            raise _checks.error("estimator", rule, estimator)
        if input_scale and binarize_inputs is None:
            rule = "go with `binarize_inputs`: real inputs have their size"
            raise _checks.error("input_scale", rule, input_scale)
        if two_stage and (stochastic or not save_latent):
            rule = "go with stochastic=False and save_latent=True"
            raise _checks.error("two_stage", rule, two_stage)
        self._noise = keras.random.SeedGenerator(self.seed) if stochastic else None

    def build(self, shape, *, initializer=None, regularizer=None, constraint=None):
        self.refuse_constraint(constraint)
        self.shape = tuple(shape)
        self.latent = self.add_weight(
            name="latent",
            shape=self.shape,
            initializer=initializer or "glorot_uniform",
            regularizer=regularizer,
            constraint=WeightClip(-1.0, 1.0),
        )
        if self.two_stage:
            self.hard = self.add_weight(
                name="hard", shape=(), initializer="zeros", trainable=False
            )

    def harden(self):
        """Ends the first of two stages: from now on there are signs only."""
        if not self.two_stage:
            rule = "be True for a kernel that is hardened"
            raise _checks.error("two_stage", rule, self.two_stage)
        self.hard.assign(1.0)

    @property
    def prepares(self):
        return self.binarize_inputs is not None

    @property
    def only_applies(self):
        return self.input_scale

    @property
    def first_layer_warning(self):
        if self.prepares:
            return (
                "`binarize_inputs` takes the signs of the model's own inputs, of which "
                "little may be left (of pixels from 0 to 1: nothing). Use "
                "binarize_inputs=None in the first layer."
            )
        return None

    def prepare(self, inputs, training=None):
        if not self.prepares:
            return inputs
        return self._soft(binary.sign(inputs, self.binarize_inputs), inputs)

    def full(self, training=None):
        signs = self._signs(training)
        return signs if self.scale is None else signs * self._scales()

    def apply(self, op, inputs, *, output_axis=None, training=None):
        shape = None
        if output_axis is not None:
            shape = [1] * len(inputs.shape)
            shape[output_axis] = self.shape[-1]
        # The scales go on the outputs, whose gradient is cheaper than the weights'.
        late = self.scale is not None and shape is not None and training
        weight = self._signs(training) if late else self.full(training)
        outputs = op(self.prepare(inputs, training), weight)
        if late:
            outputs = outputs * ops.reshape(self._scales(), shape)
        if self.input_scale:
            outputs = outputs * self._input_scale(op, inputs, shape)
        return outputs

    def rows(self, indices, training=None):
        if (self.stochastic and training) or self.two_stage:
            return super().rows(indices, training)  # a row must be drawn once a call
        signs = binary.sign(ops.take(self.latent, indices, axis=0), self._factor)
        signs = ops.cast(signs, self.compute_dtype)
        return signs if self.scale is None else signs * self._scales()

    def start(self, array):
        self.latent.assign(np.clip(array, -1.0, 1.0))

    def codes(self):
        if self.two_stage and not float(self.hard.numpy()):
            return None
        values = np.where(ops.convert_to_numpy(self.latent) >= 0, 1, -1)
        one = np.ones(1, "float32")
        scale = one if self.scale is None else ops.convert_to_numpy(self._scales())
        return Codes(values.astype("int8"), scale.astype("float32"), 1)

    def stored_bits(self):
        scales = self.shape[-1] if self.scale else 0
        return math.prod(self.shape) + 32 * scales

    @property
    def prunable(self):
        return []  # the sign of a zero is +1: pruning a sign means nothing

    def save_own_variables(self, store):
        if self.save_latent:
            super().save_own_variables(store)
            return
        store["signs"] = np.packbits(ops.convert_to_numpy(self.latent) >= 0)
        if self.scale is not None:
            store["scales"] = ops.convert_to_numpy(self._scales()).astype("float32")

    def load_own_variables(self, store):
        if "signs" not in store:
            super().load_own_variables(store)
            return
        bits = np.unpackbits(store["signs"][:], count=math.prod(self.shape))
        signs = bits.reshape(self.shape).astype("float32") * 2 - 1
        # Numbers of one size, whose mean size is the scale.
        self.latent.assign(signs * store["scales"][:] if "scales" in store else signs)

    def get_config(self):
        return {
            **super().get_config(),
            "scale": self.scale,
            "estimator": self.estimator,
            "binarize_inputs": self.binarize_inputs,
            "input_scale": self.input_scale,
            "two_stage": self.two_stage,
            "stochastic": self.stochastic,
            "save_latent": self.save_latent,
            "seed": self.seed,
        }

    @property
    def _factor(self):
        return "clipped" if self.estimator == "magnitude_aware" else self.estimator

    def _signs(self, training):
        if self.stochastic and training:
            signs = binary.random_sign(self.latent, self._noise, self._factor)
        else:
            signs = self._soft(binary.sign(self.latent, self._factor), self.latent)
        return ops.cast(signs, self.compute_dtype)

    def _soft(self, signs, numbers):
        """Returns tanh of the numbers in the first of two stages, else their signs."""
        if not self.two_stage:
            return signs
        hard = ops.cast(self.hard, signs.dtype)
        return hard * signs + (1 - hard) * ops.tanh(numbers)

    def _scales(self):
        others = tuple(range(len(self.shape) - 1))
        scales = ops.mean(ops.abs(self.latent), axis=others)
        if self.estimator == "magnitude_aware":
            scales = ops.stop_gradient(scales)
        return ops.cast(scales, self.compute_dtype)

    def _input_scale(self, op, inputs, shape):
        if shape is None:
            rule = "be False with groups: what an output sees differs between them"
            raise _checks.error("input_scale", rule, True)
        window = (*self.shape[:-1], 1)
        mean = ops.full(window, 1 / math.prod(window), dtype=self.compute_dtype)
        return op(ops.abs(inputs), mean)
