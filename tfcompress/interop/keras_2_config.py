"""The graph of a legacy Keras model, for Keras 3."""

from tfcompress.interop.calls import History, in_order
from tfcompress.interop.graph import FUNCTIONAL, INPUT, SEQUENTIAL, Graph, Layer, leaves
from tfcompress.interop.keras_2_calls import histories, use
from tfcompress.interop.refusal import refusal

MODELS = {SEQUENTIAL: SEQUENTIAL, FUNCTIONAL: FUNCTIONAL, "Model": FUNCTIONAL}
# Arguments of a layer that are, or may be, layers.
LAYERS = ("layer", "backward_layer", "cell", "cells", "activation")
# The same argument under another name.
RENAMED = {("LeakyReLU", "alpha"): "negative_slope"}
# clip(x / 5 + 1/2, 0, 1) in legacy Keras, clip(x / 6 + 1/2, 0, 1) in Keras 3.
OTHERWISE = "hard_sigmoid"
CROP = "RandomCrop"
ANY = object()
# What Keras 3 no longer asks, with the only answer that it knows.
SPARE = {
    "adjustment": None,
    "batch_input_shape": ANY,
    "dynamic": False,
    "fused": ANY,
    "groups": 1,
    "implementation": ANY,
    "input_length": ANY,
    "kernel_constraint": None,
    "kernel_initializer": ANY,
    "kernel_regularizer": None,
    "key_shape": ANY,
    "noise_shape": None,
    "query_shape": ANY,
    "rng_type": ANY,
    "robust_masking": False,
    "softmax_robust_masking": False,
    "sparse": False,
    "time_major": False,
    "trainable": ANY,
    "value_shape": ANY,
    "virtual_batch_size": None,
}


def read(entry: dict) -> Graph:
    """Returns the graph of a legacy model, `{"class_name": ..., "config": ...}`.

    What Keras 3 would stumble over is mended where it means the same: sizes of inputs
    in layers, arguments that are no longer there, names with a `/`, an axis in a list,
    the count of uses of nested models, the initial states of recurrent layers.

    Raises:
        ValueError: It holds what Keras 3 does not have, or computes otherwise. The
            error names the layer.

    Warns:
        UserWarning: A layer is called with `training=False`, which Keras 3 forgets.
    """
    if entry["class_name"] not in MODELS:
        why = "the graph of a subclassed model is code"
        raise refusal(entry["class_name"], entry["class_name"], why)
    return _model(entry, "", "")


def _model(entry, trail, origin):
    kind, config = MODELS[entry["class_name"]], entry["config"]
    if kind == SEQUENTIAL:
        return _chain(config, trail, origin)
    renamed = _renamed([one["name"] for one in config["layers"]])
    entries = {renamed[one["name"]]: one for one in config["layers"]}
    ends = [config["input_layers"], config["output_layers"]]
    # A single one comes in a list.
    inputs, outputs = (
        end[0] if isinstance(end, list) and len(end) == 1 else end
        for end in (histories(end, renamed) for end in ends)
    )
    uses = {
        name: [
            use(node, one["class_name"], f"{trail}{name}", renamed)
            for node in one["inbound_nodes"]
        ]
        for name, one in entries.items()
    }
    found = [h for h in leaves([uses, inputs, outputs]) if isinstance(h, History)]
    # A nested model that was made with an input counts that as its first use.
    first = {
        name: min((h.use for h in found if h.layer == name), default=0)
        for name in entries
    }
    numbered = {
        (name, number + first[name]): arguments
        for name, made in uses.items()
        for number, arguments in enumerate(made or [([], {})])
    }
    calls, inputs, outputs = in_order(numbered, inputs, outputs)
    used = {call.layer for call in calls}
    parts = {
        name: _part(one, trail, name) for name, one in entries.items() if name in used
    }
    return Graph(FUNCTIONAL, config["name"], parts, calls, inputs, outputs, origin)


def _chain(config, trail, origin):
    entries = config["layers"]
    renamed = _renamed([one["config"]["name"] for one in entries])
    parts = {}
    if entries and entries[0]["class_name"] != INPUT:
        first = entries[0]["config"]
        shape = first.get("batch_input_shape") or config.get("build_input_shape")
        if shape:
            taken = {"batch_shape": shape, "dtype": "float32", "name": "input"}
            parts["input"] = Layer(INPUT, taken)
    for one in entries:
        name = renamed[one["config"]["name"]]
        parts[name] = _part(one, trail, name)
    return Graph(SEQUENTIAL, config["name"], parts, origin=origin)


def _renamed(names):
    """Returns the name in Keras 3 for each: none may hold a `/`."""
    new = {name: name.replace("/", "_") for name in names}
    if len({*new.values()}) < len(names):
        again = sorted(name for name in names if "/" in name)
        raise refusal(again[0], "name", "Keras 3 has no `/` in names, and `_` is taken")
    return new


def _part(entry, trail, name):
    kind, config = entry["class_name"], entry["config"]
    origin, path = config.get("name", name), f"{trail}{name}"
    if kind in MODELS:
        return _model({**entry, "config": {**config, "name": name}}, f"{path}/", origin)
    module = entry.get("module") or "keras.layers"
    if not module.startswith(("keras.", "tf_keras.", "tensorflow_model_optimization.")):
        raise refusal(path, kind, "its class is not one of Keras")
    if kind == CROP:
        raise refusal(path, kind, "in Keras 3 it crops in training alone")
    if kind == INPUT:
        shape = config.get("batch_shape") or config["batch_input_shape"]
        taken = {"batch_shape": shape, "dtype": config["dtype"], "name": name}
        return Layer(kind, {**taken, "sparse": config.get("sparse", False)})
    taken = {
        RENAMED.get((kind, key), key): _argument(key, value, path)
        for key, value in config.items()
        if not key.endswith("_initializer") or key in SPARE
    }
    spare = [k for k, v in taken.items() if k in SPARE and SPARE[k] in (ANY, v)]
    return Layer(kind, {**taken, "name": name}, spare, origin)


def _argument(key, value, path):
    if value == OTHERWISE:
        why = f"{OTHERWISE!r} has other values in Keras 3"
        raise refusal(path, OTHERWISE, why)
    if key == "axis" and isinstance(value, list) and len(value) == 1:
        return value[0]
    if key in LAYERS and isinstance(value, list):
        return [_argument(key, one, path) for one in value]
    if not isinstance(value, dict) or "class_name" not in value:
        return value
    kind, config = value["class_name"], value["config"]
    if key == "dtype":
        return config["name"]
    if key in LAYERS and isinstance(config, dict) and "name" in config:
        return _part(value, f"{path}/", config["name"].replace("/", "_"))
    return {"class_name": kind, "config": config}
