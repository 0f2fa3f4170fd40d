"""The rule of each type of layer."""

from tfcompress.layers.host import Host
from tfcompress.surgery.part import Part
from tfcompress.surgery.rules import (
    attention,
    convolution,
    dense,
    einsum_dense,
    merging,
    normalization,
    operation,
    pointwise,
    recurrent,
    shape,
    spatial,
    wrapper,
)
from tfcompress.surgery.rules.rule import Rule

LAYERS = {
    layer: rule
    for family in (
        attention,
        convolution,
        dense,
        einsum_dense,
        merging,
        normalization,
        pointwise,
        recurrent,
        shape,
        spatial,
        wrapper,
    )
    for layer, rule in family.RULES.items()
}


def rule_for(part: Part) -> Rule:
    """Returns the rule of a layer; a type that is not known has that of `Rule`.

    Types must be the same: what a subclass does differently, nobody knows. A host has
    the rule of its twin.
    """
    layer = part.inner
    if getattr(layer, "quantization_mode", None) or getattr(layer, "lora_enabled", 0):
        return Rule(part)  # its kernel is not the weight, or not all of it
    kind = layer.twin if isinstance(layer, Host) else type(layer)
    if operation.is_operation(layer):
        return operation.RULES.get(kind.__name__, Rule)(part)
    return LAYERS.get(kind, Rule)(part)
