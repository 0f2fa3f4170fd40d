"""The comparison of what a file gives with what its model gives."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.export.export_error import ExportError
from tfcompress.export.serving import named_outputs
from tfcompress.sublayers import every_layer

# Relative errors. Rounding in float32 costs 1e-7 an operation and grows with depth;
# outputs that have nothing to do with the model's are off by 1 or more. In between,
# each format may cost what it does cost for weights that suit it.
TOLERANCES = {
    None: 1e-3,
    "float16": 0.02,
    "dynamic": 0.25,
    "int8": 0.25,
    "kernels": 0.25,
    "int4": 0.5,
    "int2": 0.5,
}
HALF_PRECISION = 0.1


def allowed_error(tolerance, model, quantize=None) -> float:
    """Returns the relative error to allow: `tolerance`, or what suits the format."""
    if tolerance is not None:
        return _checks.number("tolerance", tolerance, low=0, open_low=True)
    computes = {layer.compute_dtype for layer in every_layer(model)}
    half = HALF_PRECISION * bool(computes & {"float16", "bfloat16"})
    return max(TOLERANCES[quantize], half)


def reference_outputs(model, inputs) -> dict[str, np.ndarray]:
    """Returns what `model` gives, by the names that a file has for it.

    Raises:
        ExportError: It gives something that is not finite.
    """
    outputs = named_outputs(model(inputs, training=False))
    outputs = {name: keras.ops.convert_to_numpy(t) for name, t in outputs.items()}
    outputs = {name: array.astype("float64") for name, array in outputs.items()}
    for name, array in outputs.items():
        if not np.isfinite(array).all():
            raise ExportError(
                f"`model` itself gives NaN or infinity at {name!r}. Look at its "
                "weights, or give a `probe` of inputs that it is made for."
            )
    return outputs


def compare(reference: dict, outputs: dict, allowed: float, made: str, remedy: str):
    r"""Returns the greatest absolute error of `outputs`.

    What decides is the relative error of each output, over the whole batch,
    $\lVert y - \hat y \rVert / \lVert y \rVert$: one example at the border of two
    classes does not condemn a file.

    Args:
        reference: The model's outputs, by name.
        outputs: Those of the file.
        allowed: The greatest relative error.
        made: How the file was made, for the error's message.
        remedy: What to do instead.

    Raises:
        ExportError: An output is further off, not finite, or of another shape.
    """
    worst = 0.0
    for name, right in reference.items():
        got = np.asarray(outputs[name], "float64")
        if got.shape != right.shape:
            fault = f"has shape {got.shape}, not {right.shape}"
        elif not np.isfinite(got).all():
            fault = "is NaN or infinite"
        else:
            error = np.linalg.norm(got - right) / (np.linalg.norm(right) or 1.0)
            worst = max(worst, float(np.abs(got - right).max(initial=0)))
            if error <= allowed:
                continue
            fault = f"is off by {error:.2g} of itself; `tolerance` allows {allowed:g}"
        raise ExportError(
            f"The file made with {made} is not what the model is: {name!r} {fault}. "
            f"Nothing was written. {remedy}"
        )
    return worst
