"""One layer in the form of its host, with what it has learned."""

from keras import ops

from tfcompress.layers.host import LORA, Host


def host_for(layer, rule):
    """Returns the host that `rule` makes of `layer`, or None if there is none."""
    host = rule.host or hosts().get(type(layer))
    fits = host is not None and type(layer) is host.twin
    return host if fits else None


def hosts(root=Host):
    """The host of each Keras layer: a host names its twin, there is no list."""
    found = {root.twin: root} if vars(root).get("twin") else {}
    for cls in root.__subclasses__():
        found = {**hosts(cls), **found}
    return found


def unbuilt(layer, host, rule, fit_weights, seen=None):
    """Returns `layer` as a `host` with the kernels that `rule` asks for, not built.

    `seen` are the `ObservedInputs` that are known, by the layer's `id` and the weight.
    """
    config = {**layer.get_config(), **rule.options}
    for name in LORA:
        config.pop(name, None)
    if rule.host is None:
        for name, array in _trained(layer, host, host.hosted).items():
            config[name] = rule.change
            if fit_weights:
                inputs = (seen or {}).get((id(layer), name))
                config[name] = _planned(rule.change, array, inputs)
    host.take_kernels(dict(config))  # refuses what Keras would refuse less plainly
    return host.from_config(config)


def carry(layer, new, seen=None):
    """Carries what `layer` has learned: kernels encode it, the rest is copied."""
    new.refuse_missing()
    for name, array in _trained(layer, new, new.kernels).items():
        new.kernels[name].encode(array, (seen or {}).get((id(layer), name)))
    trained = [new.weight_of(layer, name) for name in new.kernels]
    stored = [v for kernel in new.kernels.values() for v in kernel.variables]
    others = _without(layer.weights, trained)
    for variable, value in zip(_without(new.weights, stored), others, strict=True):
        variable.assign(value)


def _planned(kernel, array, inputs):
    return kernel.plan(array) if inputs is None else kernel.plan_on(array, inputs)


def _trained(layer, host, names):
    return {
        name: ops.convert_to_numpy(ops.cast(host.weight_of(layer, name), "float32"))
        for name in names
    }


def _without(variables, some):
    left_out = {id(v) for v in some}
    return [v for v in variables if id(v) not in left_out]
