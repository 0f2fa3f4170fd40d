"""How near the outputs of converted layers start to those they had."""

import dataclasses

import keras

from tfcompress import _checks
from tfcompress.kernels.kernel import Kernel
from tfcompress.sublayers import every_layer


@dataclasses.dataclass(frozen=True)
class OutputError:
    """Relative errors of what one weight makes of the inputs that `convert` was given.

    Args:
        weight: The path of the kernel in the model, as its variables have it.
        of_weights: $\\lVert XW - X\\hat W \\rVert_F / \\lVert XW \\rVert_F$ where
            $\\hat W$ is the nearest to the weight that this kernel can be.
        of_outputs: The same where $\\hat W$ was fitted to the outputs.
    """

    weight: str
    of_weights: float
    of_outputs: float

    def __str__(self):
        return (
            f"{self.weight}: {self.of_outputs:.3g} "
            f"(fitted to the weights alone: {self.of_weights:.3g})"
        )


def output_errors(model) -> list[OutputError]:
    r"""Returns how near each weight came that `convert(..., inputs=x)` has fitted.

    Args:
        model: What `tfcompress.convert` returned, not loaded from a file.

    Raises:
        TypeError: If `model` is not a Keras model.
        ValueError: If no weight of `model` was fitted to the outputs of its layer.

    Example:

    >>> model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(6)])
    >>> x = np.repeat(np.eye(8)[:2], 5, axis=0)  # only two of the inputs ever occur
    >>> small = tfc.convert(model, {"dense*": tfc.kernels.LowRank(rank=2)}, inputs=x)
    >>> error, = output_errors(small)
    >>> error.of_outputs < 1e-5 < error.of_weights
    True
    """
    _checks.instance("model", model, keras.Model, "a `keras.Model`")
    kernels = [layer for layer in every_layer(model) if isinstance(layer, Kernel)]
    fitted = [kernel for kernel in kernels if kernel.output_error is not None]
    if not fitted:
        rule = "come from `tfcompress.convert` with `inputs`"
        raise _checks.error("model", rule, model.name)
    errors = [
        OutputError(k.path, k.output_error_of_weights, k.output_error) for k in fitted
    ]
    return sorted(errors, key=lambda error: error.weight)
