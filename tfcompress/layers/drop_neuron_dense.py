"""A dense layer that drops, while it is trained, the units it does not need."""

import inspect

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.constraints.proximal_group_lasso import ProximalGroupLasso
from tfcompress.layers.host import LORA
from tfcompress.regularizers.drop_neuron import DropNeuron


@keras.saving.register_keras_serializable(package="tfcompress")
class DropNeuronDense(keras.layers.Dense):
    r"""`Dense` whose unneeded units and inputs end with all their weights exactly zero.

    $$ L + \lambda_i \sum_j \lVert W_{:j} \rVert_2
         + \lambda_o \sum_i \lVert W_{i:} \rVert_2,
       \qquad
       W_g \leftarrow \max\left(0, 1 - \frac{\eta \lambda_p}{\lVert W_g \rVert_2}\right)
       W_g $$

    The penalty is a part of the loss, as in the paper. It brings groups near zero; the
    proximal step, after each optimizer step, first for the columns, then for the rows,
    makes them zero. Both go with plain `fit`, with no callback. The layer stays as
    large and as slow as before: the zeros are what can be taken out without changing
    the outputs. Give `DropNeuronDense` to consecutive layers: a unit falls soonest when
    the next layer's rows press on it too. Masks pass through.

    The proximal step is exact for plain SGD; with adaptive optimizers `proximal` is a
    strength to be tried. At the defaults a group of norm 1 loses 3e-4 of it per step
    and direction: without some thousand updates nothing falls. `use_ema=True` averages
    weights from before the step: no exact zeros.

    Args:
        units: Integer, size of the output, and so on as in `keras.layers.Dense`, except
            `lora_rank`, `lora_alpha` and `quantization_config`, which are refused.
            `kernel_regularizer` is added to the penalty, `kernel_constraint` is applied
            after the proximal step.
        incoming: Float `>= 0`, the factor $\lambda_i$ of the norms of columns, the
            weights into each unit. The default is that of the paper's code for
            LeNet-300-100, `5e-4 * 0.1`, found with Adam.
        outgoing: Float `>= 0`, the factor $\lambda_o$ of the norms of rows, the weights
            out of each input, likewise.
        proximal: Float `>= 0`, the factor $\lambda_p$ of the proximal step on rows and
            columns. The default was found with Adam on MNIST; with SGD start near 1e-3.
            Too much drops the whole layer; with 0 there are no exact zeros.
        learning_rate: Float or optimizer, the rate η of the proximal step: as in
            `tfcompress.constraints.ProximalGroupLasso`. Give the optimizer where its
            rate changes during training.

    Input shape:
        `(batch, ..., inputs)`.

    Output shape:
        `(batch, ..., units)`.

    Raises:
        ValueError: If an argument is not as above.

    Example:

    Of three inputs only the first is ever used; one long step drops the others.

    >>> layer = tfc.layers.DropNeuronDense(
    ...     2, kernel_initializer="ones", proximal=1.5, learning_rate=1.0
    ... )
    >>> model = keras.Sequential([keras.Input((3,)), layer])
    >>> model.compile(keras.optimizers.SGD(1.0), "mse")
    >>> x = np.array([[1.0, 0.0, 0.0]], "float32")
    >>> _ = model.fit(x, np.array([[9.0, 9.0]], "float32"), verbose=0)
    >>> print(layer.dead_inputs, layer.dead_units)
    [1 2] []

    References:
        - [Pan et al., 2016](https://arxiv.org/abs/1606.07326)
    """

    def __init__(
        self,
        *args,
        incoming=5e-5,
        outgoing=5e-5,
        proximal=0.3,
        learning_rate=1e-3,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        for name in LORA:
            value = getattr(self, name, None)
            if value is not None:
                raise _checks.error(name, "be None for DropNeuronDense", value)
        self.penalty = DropNeuron(incoming, outgoing)
        proximal = _checks.number("proximal", proximal, low=0)
        self.step = ProximalGroupLasso(proximal, "both", learning_rate=learning_rate)

    def build(self, input_shape):
        super().build(input_shape)
        # On the variable: `kernel_regularizer` and `kernel_constraint` stay the user's.
        self.kernel.regularizer = self._penalize
        self.kernel.constraint = self._constrain

    @property
    def dead_units(self):
        """Indices of the units whose incoming weights are all zero."""
        return np.flatnonzero(~self._nonzero().any(axis=0))

    @property
    def dead_inputs(self):
        """Indices of the inputs whose outgoing weights are all zero."""
        return np.flatnonzero(~self._nonzero().any(axis=1))

    def enable_lora(self, *args, **kwargs):
        raise ValueError(
            "`enable_lora` freezes the kernel, and no unit of it would be dropped. "
            f"Train {self.name!r} itself, or use `keras.layers.Dense`."
        )

    def get_config(self):
        config = {**super().get_config(), **self.penalty.get_config()}
        config["proximal"] = float(self.step.penalty.strength)
        config["learning_rate"] = self.step.get_config()["learning_rate"]
        return {name: value for name, value in config.items() if name not in LORA}

    def _penalize(self, kernel):
        own = self.penalty(kernel)
        given = self.kernel_regularizer
        return own if given is None else own + ops.cast(given(kernel), own.dtype)

    def _constrain(self, kernel):
        kernel = self.step(kernel)
        given = self.kernel_constraint
        return kernel if given is None else given(kernel)

    def _nonzero(self):
        return ops.convert_to_numpy(self.kernel) != 0


def _signature():
    """Returns the signature: that of the installed Keras's `Dense`, then our own."""
    own = inspect.signature(DropNeuronDense.__init__).parameters.values()
    *dense, rest = inspect.signature(keras.layers.Dense).parameters.values()
    own = [parameter for parameter in own if parameter.kind is parameter.KEYWORD_ONLY]
    return inspect.Signature([*dense, *own, rest])


DropNeuronDense.__signature__ = _signature()
