"""The one form in which a layer is refused that cannot be carried over."""

from tfcompress import _checks

_RAW = "it is a TensorFlow operation, as in `x + y`, and no layer"
_WRAPPED = "it is of tensorflow-model-optimization, which "
_WRAPPED += "`tfc.interop.tfmot.from_tf_keras(path)` takes off"
_WHY = {
    "Lambda": "its function is Python code, which no file carries",
    "TFOpLambda": _RAW,
    "SlicingOpLambda": _RAW,
    "ClusterWeights": _WRAPPED,
    "PruneLowMagnitude": _WRAPPED,
    "QuantizeLayer": _WRAPPED,
    "QuantizeWrapper": _WRAPPED,
    "QuantizeWrapperV2": _WRAPPED,
}


def refusal(path: str, kind: str, why: str = ""):
    """Returns the error that layer `path`, a `kind`, cannot be carried, and why.

    Without `why`: because only one of the two Kerases has this kind.
    """
    rule = "hold only what Keras 3 and legacy Keras (tf_keras) both have"
    why = why or _WHY.get(kind, "only one of the two has this class")
    return _checks.error("model", rule, kind, remedy=f"Layer {path!r}: {why}.")
