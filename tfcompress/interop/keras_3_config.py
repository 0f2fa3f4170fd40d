"""The graph of a Keras 3 model, for legacy Keras."""

import inspect
import warnings

import keras

from tfcompress.conversion.clone import refuse_subclassed
from tfcompress.interop.calls import History, in_order
from tfcompress.interop.graph import FUNCTIONAL, INPUT, SEQUENTIAL, Graph, Layer, leaves
from tfcompress.interop.refusal import refusal

MODELS = (SEQUENTIAL, FUNCTIONAL)
# Arguments of a layer that are, or may be, layers.
LAYERS = ("layer", "backward_layer", "cell", "cells", "activation")
# The same argument under another name.
RENAMED = {("LeakyReLU", "negative_slope"): "alpha"}
# Arguments that are taken but not named.
HIDDEN = {"rms_scaling": False}
# clip(x / 6 + 1/2, 0, 1) in Keras 3, clip(x / 5 + 1/2, 0, 1) in legacy Keras.
OTHERWISE = "hard_sigmoid"


def read(model) -> Graph:
    """Returns the graph of a Keras 3 `model`.

    Left out are initializers and seeds, since the weights are carried, and masks that
    follow from a layer such as `Masking`, since legacy Keras finds them too.

    Raises:
        TypeError: `model` is not a Keras model.
        ValueError: It is not built or subclassed, or it holds what legacy Keras does
            not have. The error names the layer.
    """
    refuse_subclassed(model)
    kind = SEQUENTIAL if isinstance(model, keras.Sequential) else FUNCTIONAL
    with warnings.catch_warnings():
        # Of code in the config, which is refused below.
        warnings.filterwarnings("ignore", ".*includes a `lambda`", UserWarning)
        try:
            config = model.get_config()
        except NotImplementedError as cause:
            why = "it holds a layer without `get_config`"
            raise refusal(model.name, type(model).__name__, why) from cause
    return _graph(kind, config, "")


def _graph(kind, config, trail):
    entries = config["layers"]
    if kind == SEQUENTIAL:
        parts = {one["config"]["name"]: _part(one, trail) for one in entries}
        return Graph(kind, config["name"], parts)
    entries = {one["name"]: one for one in entries}
    uses = {
        (name, number): use
        for name, one in entries.items()
        for number, use in enumerate(_uses(name, one, entries, trail))
    }
    # Here, but not in the calls, Keras counts the uses of nested models from 1.
    nested = {name for name, one in entries.items() if one["class_name"] == FUNCTIONAL}
    ends = [_ends(config[end], nested) for end in ("input_layers", "output_layers")]
    calls, inputs, outputs = in_order(uses, *ends)
    used = {call.layer for call in calls}
    parts = {name: _part(one, trail) for name, one in entries.items() if name in used}
    return Graph(kind, config["name"], parts, calls, inputs, outputs)


def _uses(name, entry, entries, trail):
    if entry["class_name"] == INPUT:
        return [([], {})]
    found = []
    for node in entry["inbound_nodes"]:
        kwargs = _values(node["kwargs"])
        if kwargs.pop("training", None):
            why = "it is called with `training=True`, which is no argument of a layer"
            raise refusal(f"{trail}{name}", entry["class_name"], why)
        mask = kwargs.pop("mask", None)
        made = [h for h in leaves(mask) if isinstance(h, History)]
        if made and all(entries[h.layer].get("module") == "keras.layers" for h in made):
            kwargs["mask"] = mask
        found.append((_values(list(node["args"])), kwargs))
    return found


def _values(structure):
    """Returns arguments of a call with a `History` for each tensor."""
    if (
        isinstance(structure, dict)
        and structure.get("class_name") == "__keras_tensor__"
    ):
        return History(*structure["config"]["keras_history"])
    if isinstance(structure, dict):
        return {key: _values(value) for key, value in structure.items()}
    if isinstance(structure, (list, tuple)):
        return [_values(value) for value in structure]
    return structure


def _ends(structure, nested):
    """Returns the inputs or outputs of a model with a `History` for each tensor."""
    if isinstance(structure, dict):
        return {key: _ends(value, nested) for key, value in structure.items()}
    if len(structure) == 3 and isinstance(structure[0], str):
        name, use, position = structure
        return History(name, use - (name in nested), position)
    return [_ends(value, nested) for value in structure]


def _part(entry, trail):
    kind, config, module = entry["class_name"], entry["config"], entry.get("module")
    path = f"{trail}{entry.get('name') or config.get('name', kind)}"
    if (entry.get("registered_name") or "").startswith("tfcompress>"):
        why = "it is compressed. Make plain layers of all such by `tfc.fold` first"
        raise refusal(path, kind, why)
    if kind in MODELS and "layers" in config:
        return _graph(kind, config, f"{path}/")
    if str(module).startswith("keras.src.ops"):
        why = (
            "it is an operation, as in `x + y`, and no layer, as `keras.layers.Add` is"
        )
        raise refusal(path, kind, why)
    if module != "keras.layers":
        raise refusal(path, kind, "its class is not one of Keras")
    if kind == "Lambda":
        raise refusal(path, kind)
    if kind == INPUT:
        kept = ("batch_shape", "dtype", "sparse", "name")
        return Layer(kind, {key: config[key] for key in kept})
    return Layer(kind, _config(kind, config, path), _at_default(kind, config))


def _config(kind, config, path):
    taken = {
        RENAMED.get((kind, key), key): _argument(key, value, path)
        for key, value in config.items()
        if key != "seed" and not key.endswith("_initializer")
    }
    if kind == "Bidirectional":
        # Both Kerases put these before the names of its layers.
        for key, prefix in (("layer", "forward_"), ("backward_layer", "backward_")):
            inner = taken[key].config
            inner["name"] = inner["name"].removeprefix(prefix)
    return taken


def _argument(key, value, path):
    if value == OTHERWISE:
        why = f"{OTHERWISE!r} has other values in legacy Keras"
        raise refusal(path, OTHERWISE, why)
    if key in LAYERS and isinstance(value, (list, tuple)):
        return [_argument(key, one, path) for one in value]
    if not isinstance(value, dict):
        return value
    if "class_name" not in value:  # what Keras makes of a function without a name
        raise refusal(path, key, f"its {key} is not one of Keras")
    kind, config = value["class_name"], value["config"]
    if kind == "DTypePolicy":
        return config["name"]
    if key in LAYERS and kind != "function":
        return _part(value, f"{path}/")
    if not str(value.get("module")).startswith("keras.") or value["registered_name"]:
        raise refusal(path, kind, f"its {key} is not one of Keras")
    return {"class_name": kind, "config": config}


def _at_default(kind, config):
    """Returns the arguments whose value is the one that they have if not given."""
    defaults = {**HIDDEN, "data_format": keras.config.image_data_format()}
    for base in reversed(getattr(keras.layers, kind).__mro__):
        if "__init__" in vars(base):
            known = inspect.signature(base.__init__).parameters
            defaults |= {
                key: one.default for key, one in known.items() if key != "data_format"
            }
    return [key for key in config if key in defaults and config[key] == defaults[key]]
