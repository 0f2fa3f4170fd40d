"""Which weights of a model a method works on."""

from fnmatch import fnmatchcase

import keras

from tfcompress import _checks

# By name, because some of them have two axes: a GRU's bias, a norm over an image.
_NOT_KERNELS = ("bias", "gamma", "beta", "alpha", "scale")


def select_weights(model, which=None):
    """Returns the trainable weights of `model` that `which` names: kernels, as a rule.

    A kernel is a weight of two or more axes that is not a bias or a scale: what
    dense, convolutional, embedding, recurrent and attention layers multiply with. A
    compressed layer says itself which of its variables count (`Kernel.prunable`).

    Args:
        model: A built `keras.Model`.
        which: None for all of them; or what names a layer and all inside it: its
            name, a glob (`"block_*"`), a layer class, the layer itself, a predicate
            that takes a layer; or the end of a weight's path, or a glob of it
            (`"lstm_cell/recurrent_kernel"`); or a list of these. A bias or a scale is
            taken only where a path ends in its name in full (`"head/bias"`).

    Returns:
        List of variables in the model's order, none twice.

    Raises:
        ValueError: If the model is not built, what is named is quantized, or a name
            (or `which` as a whole) names nothing.
        TypeError: If `which` is none of these.

    Example:

    >>> dense = [keras.layers.Dense(3), keras.layers.Dense(4, name="head")]
    >>> model = keras.Sequential([keras.Input((2,)), *dense])
    >>> [tuple(v.shape) for v in select_weights(model)]
    [(2, 3), (3, 4)]
    >>> [tuple(v.shape) for v in select_weights(model, "head")]
    [(3, 4)]
    """
    _checks.instance("model", model, keras.Model, "a `keras.Model`")
    if not model.built:
        remedy = "Call it on a batch of data, or begin it with `keras.Input`."
        raise _checks.error("model", "be built", model.name, remedy=remedy)
    found = _find(model)
    trainable = {id(v): v for v in model.trainable_variables}
    found = {
        key: member
        for key, member in found.items()
        if key in trainable or _is_quantized(member[0])
    }
    kernels = {key for key, member in found.items() if _is_kernel(*member)}
    chosen = kernels if which is None else _chosen(which, found)
    for key in chosen:
        if _is_quantized(found[key][0]):
            path, dtype = found[key][0].path, found[key][0].dtype
            remedy = "Prune first, quantize then: zeros stay zeros."
            rule = f"name float weights, and {path!r} is {dtype}"
            raise _checks.error("which", rule, which, remedy=remedy)
    if not chosen:
        raise _checks.error("model", "have trainable kernels", model.name)
    return [variable for key, variable in trainable.items() if key in chosen]


def check_which(which, name="which"):
    """Returns `which`, if it is of a kind that `select_weights` takes.

    What it names is seen later, when there is a model. `name` is what the user calls it.
    """
    for rule in [] if which is None else _rules(which, name):
        _matcher(rule, name)
    return which


def layers_around(model, variables):
    """Returns for each of the variables the layers it is inside of, outermost first."""
    found = _find(model)
    return [found[id(variable)][1] for variable in variables]


def _find(model):
    """Returns a dict: id of a variable -> it, and the layers it is inside of."""
    found = {}
    _collect(model, (), found)
    return found


def _collect(layer, inside, found):
    parts = layer.prunable if hasattr(layer, "prunable") else _parts(layer)
    for member in {id(part): part for part in parts}.values():
        if isinstance(member, keras.Layer):
            if member not in inside:
                _collect(member, (*inside, member), found)
        else:
            found.setdefault(id(member), (member, []))[1].extend(inside)


def _parts(layer):
    """Returns a layer's own variables and its sublayers, inside wrappers too.

    They are found through its attributes: Keras has no public list of them.
    """
    parts = list(_members(vars(layer)))
    if isinstance(layer, keras.Model):
        # Not by attributes: a Sequential holds a second model of its layers there.
        parts = [part for part in parts if isinstance(part, keras.Variable)]
        return parts + layer.layers
    return parts


def _members(value):
    if isinstance(value, (keras.Variable, keras.Layer)):
        yield value
    elif isinstance(value, (list, tuple, set, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _members(item)


def _is_kernel(variable, layers):
    if layers and hasattr(layers[-1], "prunable"):
        return True
    return len(variable.shape) >= 2 and not variable.name.endswith(_NOT_KERNELS)


def _is_quantized(variable):
    return variable.dtype in ("int4", "int8", "uint8")


def _chosen(which, found):
    chosen = set()
    for rule in _rules(which):
        matches = _matcher(rule)
        keys = {key for key, member in found.items() if matches(*member)}
        if not keys:
            known = {layer.name for _, layers in found.values() for layer in layers}
            remedy = f"Layers that have some: {', '.join(sorted(known))}."
            raise _checks.error("which", "name trainable kernels", rule, remedy=remedy)
        chosen |= keys
    return chosen


def _rules(which, name="which"):
    rules = which if isinstance(which, (list, tuple)) else [which]
    if not rules or "" in [rule for rule in rules if isinstance(rule, str)]:
        remedy = "For all weights give None."
        raise _checks.error(name, "name something", which, remedy=remedy)
    return rules


def _matcher(rule, name="which"):
    """Returns the test that `rule` stands for, of a variable and its layers."""
    if isinstance(rule, str):
        return lambda variable, layers: (
            (
                _is_kernel(variable, layers)
                and any(fnmatchcase(layer.name, rule) for layer in layers)
            )
            or _is_path(rule, variable, layers)
        )
    if isinstance(rule, keras.Layer):
        return _inside(lambda layer: layer is rule)
    if isinstance(rule, type) and issubclass(rule, keras.Layer):
        return _inside(lambda layer: isinstance(layer, rule))
    if callable(rule) and not isinstance(rule, type):
        return _inside(rule)
    kinds = "None, a name, a glob, a layer class, a layer, a predicate"
    raise _checks.error(name, f"be {kinds}, or a list of these", rule, kind=TypeError)


def _inside(test):
    return lambda variable, layers: (
        _is_kernel(variable, layers) and any(test(layer) for layer in layers)
    )


def _is_path(rule, variable, layers):
    asked = rule.split("/")[-1] == variable.name
    matches = fnmatchcase(f"/{variable.path}", f"*/{rule}")
    return matches and (asked or _is_kernel(variable, layers))
