"""What a quantization-aware layer has learned: rounded weights, and ranges."""

import numpy as np

from tfcompress.interop.weights import plain, variables

WRAPPERS = ("QuantizeWrapper", "QuantizeWrapperV2")
STEP = "optimizer_step"
ENDS = ("_min", "_max")
# Where a wrapper keeps the range of what it hands on, the last of them first.
ACTIVATIONS = ("output", "post_activation")
BEFORE = "pre_activation"


def name(layer) -> str:
    """Returns the name of a layer without its wrapper."""
    return layer.layer.name if type(layer).__name__ in WRAPPERS else layer.name


def has_ranges(layer) -> bool:
    return type(layer).__name__ in (*WRAPPERS, "QuantizeLayer")


def ranges(layer) -> dict:
    """Returns how a layer rounds its weights and what it hands on, as JSON.

    For each weight the greatest size, of each channel or of all, the bits and whether
    the grid is even around 0; for the outputs both ends and the bits, or None where
    they are not rounded.
    """
    found = _own(layer)
    if type(layer).__name__ not in WRAPPERS:
        return {"weights": {}, "output": _range(found, layer.name, [layer.quantizer])}
    config, inner = layer.quantize_config, layer.layer
    quantizers = [q for _, q in config.get_activations_and_quantizers(inner)]
    quantizers += config.get_output_quantizers(inner)
    outputs = [_range(found, place, quantizers) for place in ACTIVATIONS]
    weights = {
        weight: {
            "high": np.abs(plain(found[f"{weight}_max"])).reshape(-1).tolist(),
            "bits": quantizer.num_bits,
            "even": bool(quantizer.symmetric and quantizer.narrow_range),
        }
        for weight, quantizer in _rounded(layer).items()
    }
    return {"weights": weights, "output": next(filter(None, outputs), None)}


def weights(layer) -> list[np.ndarray]:
    """Returns the weights of the layer in a wrapper, those rounded that it rounds."""
    if type(layer).__name__ not in WRAPPERS:
        return []
    found, rounded = _own(layer), _rounded(layer)
    arrays = []
    for variable in variables(layer):
        leaf = _leaf(variable)
        if leaf in rounded:
            ends = dict(zip(("min_var", "max_var"), _ends(found, leaf), strict=True))
            variable = rounded[leaf](variable, False, weights=ends)
        if leaf not in found:
            arrays.append(plain(variable))
    return arrays


def _rounded(layer):
    """Returns the quantizer of each weight of the layer in a wrapper, by its name."""
    pairs = layer.quantize_config.get_weights_and_quantizers(layer.layer)
    places = [
        leaf.removesuffix("_min") for leaf in _own(layer) if leaf.endswith("_min")
    ]
    names = [place for place in places if place not in (*ACTIVATIONS, BEFORE)]
    return dict(zip(names, [quantizer for _, quantizer in pairs], strict=True))


def _own(layer):
    """Returns the variables that rounding has added, by the end of their names."""
    leaves = {_leaf(variable): variable for variable in layer.weights}
    return {k: v for k, v in leaves.items() if k == STEP or k.endswith(ENDS)}


def _range(found, place, quantizers):
    if f"{place}_min" not in found:
        return None
    low, high = (float(plain(end)) for end in _ends(found, place))
    return {"low": low, "high": high, "bits": quantizers[0].num_bits}


def _ends(found, place):
    return [found[place + end] for end in ENDS]


def _leaf(variable) -> str:
    return variable.name.rpartition("/")[2].partition(":")[0]
