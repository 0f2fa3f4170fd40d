"""A Keras 3 model from legacy Keras, without the wrappers it may have there."""

import os
import pathlib

from tfcompress import _checks
from tfcompress.interop.legacy_keras import LegacyKeras
from tfcompress.interop.tfmot.described import described


def from_tf_keras(path_or_model, *, probe=None, time_limit=600.0):
    """Returns the Keras 3 model of one of legacy Keras (`tf_keras`).

    The file is loaded by legacy Keras in a process of its own. From there the graph and
    the weights come here, layer by layer, and the outputs of both models are compared.
    What tensorflow-model-optimization has wrapped comes without the wrappers:

    - **pruned** (`PruneLowMagnitude`): the weights, with their zeros;
    - **clustered** (`ClusterWeights`): the weights, with their few values;
    - **quantization-aware** (`QuantizeWrapper`): layers with `Quantized` kernels that
      round weights to the very numbers that they have there, and inputs to the range of
      the layer before. What leaves the model, or goes into a sum, is no longer rounded:
      outputs differ by that. `tfcompress.export.to_tflite(..., quantize="kernels")`
      writes the whole numbers as they are.

    Not carried: initializers, the optimizer and how the model was compiled.

    Args:
        path_or_model: A `.h5` or `.keras` file or a SavedModel that legacy Keras
            loads, or a model of it (which is saved and loaded once for that).
        probe: Examples to compare on, as the model takes them. By default they are
            drawn; needed for inputs with free sizes.
        time_limit: Seconds for each step in the other process.

    Raises:
        TypeError: If `path_or_model` is neither a path nor a legacy model.
        ValueError: If there is no such file, if legacy Keras cannot load it, if it
            holds what Keras 3 does not have (the error names the layer), or if its
            outputs are others here.
    """
    is_path = isinstance(path_or_model, (str, os.PathLike))
    if not is_path and not _is_legacy(path_or_model):
        what = "a path, or a model of legacy Keras (tf_keras)"
        _checks.instance("path_or_model", path_or_model, (), what)
    if is_path and not _checks.path("path_or_model", path_or_model).exists():
        rule = "name a file or a folder that is there"
        raise _checks.error("path_or_model", rule, str(path_or_model))
    with LegacyKeras(time_limit) as legacy:
        path = path_or_model
        if not is_path:
            path = legacy.folder / "model.h5"
            path_or_model.save(path)
        legacy.do("load", path=str(pathlib.Path(path).resolve()))
        return described(legacy, probe)


def _is_legacy(model):
    # By its name: importing `tf_keras` to ask is what this is here to avoid.
    modules = [kind.__module__ for kind in type(model).__mro__]
    return hasattr(model, "save") and any(m.startswith("tf_keras.") for m in modules)
