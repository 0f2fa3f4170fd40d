"""A model with layers swapped for compressed ones."""

import inspect

from keras import ops

from tfcompress import _checks
from tfcompress.conversion.clone import clone
from tfcompress.conversion.recipe import Recipe
from tfcompress.layers.host import LORA, Host


def convert(model, rules, *, fit_weights=True):
    r"""Returns a new model in which the layers that `rules` name are compressed.

    The new model is an ordinary Keras model: same graph, same layer names, same inputs
    and outputs, same dtype policies; `model` is left as it was. Layers that no rule
    names keep their weights bit by bit. Shared layers stay shared, nested models are
    converted inside. If `model` is compiled, so is the new one, with a new optimizer.

    Args:
        model: A built Sequential or Functional `keras.Model`.
        rules: A `Recipe`, or a mapping from layers to a kernel, a host class or
            (host class, dict of arguments). A key is a layer name, a glob
            (`"block_*"`), a layer class, or a predicate that takes a layer. Later
            rules win. A glob or a predicate passes over layers that cannot be
            compressed, such as `Flatten`; a name or a class does not.
        fit_weights: If True, each kernel starts as near to the trained weight as its
            kind allows (SVD, mean of a bucket, ...), and how near is kept in the
            layer's `kernels[name].error`. If False, converted layers start afresh.

    Raises:
        ValueError: If a rule matches nothing that can be converted, if a kernel does
            not suit a layer (which it names), or if `model` is not built or is a
            subclassed model.
        TypeError: If `rules` hold something else.

    Example:

    >>> model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(32)])
    >>> small = tfc.convert(model, {"dense*": tfc.kernels.LowRank(rank=4)})
    >>> small.count_params()  # 64 * 4 + 4 * 32 + 32, where it was 2080
    416
    """
    recipe = Recipe(rules)
    _checks.boolean("fit_weights", fit_weights)
    matched = set()

    def replace(layer):
        for rule in recipe.rules:
            if rule.matches(layer) and (_host_of(layer, rule) or rule.is_strict):
                matched.add(rule)
        rule = recipe.rule_for(layer)
        return None if rule is None else _replaced(layer, rule, fit_weights)

    converted = clone(model, replace)
    for rule in recipe.rules:
        if rule not in matched:
            _refuse_unmatched(rule, model)
    return converted


def _replaced(layer, rule, fit_weights):
    host = _host_of(layer, rule)
    if host is None:
        if not rule.is_strict:
            return None
        known = ", ".join(sorted(twin.__name__ for twin in _hosts()))
        raise _checks.error(
            "rules",
            f"name layers that have a host ({known})",
            f"{type(layer).__name__} {layer.name!r}",
            remedy="Leave this layer out, or give a host class that suits it.",
        )
    try:
        return _hosted(layer, host, rule, fit_weights)
    except ValueError as fault:
        raise ValueError(
            f"Layer {layer.name!r} cannot be converted. {fault}"
        ) from fault


def _hosted(layer, host, rule, fit_weights):
    trained = {name: host.weight_of(layer, name) for name in host.hosted}
    arrays = {
        name: ops.convert_to_numpy(ops.cast(weight, "float32"))
        for name, weight in trained.items()
    }
    config = {**layer.get_config(), **rule.options}
    for name in LORA:
        config.pop(name, None)
    if rule.host is None:
        for name, array in arrays.items():
            kernel = rule.change
            config[name] = kernel.plan(array) if fit_weights else kernel
    new = host.from_config(config)
    new.build_from_config(layer.get_build_config())
    if fit_weights:
        for name, array in arrays.items():
            new.kernels[name].encode(array)
        stored = [v for kernel in new.kernels.values() for v in kernel.variables]
        others = _without(layer.weights, trained.values())
        for variable, value in zip(_without(new.weights, stored), others, strict=True):
            variable.assign(value)
    return new


def _without(variables, some):
    left_out = {id(v) for v in some}
    return [v for v in variables if id(v) not in left_out]


def _host_of(layer, rule):
    host = rule.host or _hosts().get(type(layer))
    fits = host is not None and type(layer) is host.twin
    return host if fits else None


def _hosts(root=Host):
    """The host of each Keras layer: a host names its twin, there is no list."""
    found = {root.twin: root} if vars(root).get("twin") else {}
    for cls in root.__subclasses__():
        found = {**_hosts(cls), **found}
    return found


def _refuse_unmatched(rule, model):
    which = rule.which.__name__ if inspect.isclass(rule.which) else rule.which
    names = [layer.name for layer in model.layers if _hosts().get(type(layer))]
    raise _checks.error(
        "rules",
        "each match a layer that can be compressed",
        which,
        remedy=f"Such layers here are {names}.",
    )
