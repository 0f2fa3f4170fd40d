"""The Keras 3 model of the one that the process of legacy Keras has."""

import json

import keras

from tfcompress.interop import keras_2_config
from tfcompress.interop.build import build
from tfcompress.interop.probe import probe_batch
from tfcompress.interop.same_outputs import greatest_error
from tfcompress.interop.tfmot.quantized_graph import unwrapped
from tfcompress.interop.tfmot.quantized_model import quantized_model
from tfcompress.interop.weights import assign

# Outputs that are rounded there and not here: their steps, and what follows from them.
ROUNDED = 0.1


def described(legacy, probe=None, *, batch=None):
    """Returns the model that `legacy` has, as a Keras 3 model, compared with it.

    Args:
        legacy: A `LegacyKeras` that has a model.
        probe: Examples to compare on, as the model takes them; drawn if None.
        batch: An array for each input, in place of that.
    """
    legacy.do("describe")
    entry = json.loads((legacy.folder / "config.json").read_text())
    ranges = json.loads((legacy.folder / "ranges.json").read_text())
    graph, rounding = unwrapped(keras_2_config.read(entry), ranges)
    model = build(graph, keras)
    assign(graph, model, legacy.read("weights"))
    model = quantized_model(model, rounding)
    batch = batch or probe_batch(model, graph, probe)
    if rounding:
        greatest_error(model, legacy, batch, ROUNDED)
    else:
        greatest_error(model, legacy, batch)
    return model
