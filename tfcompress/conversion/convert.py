"""A model with layers swapped for compressed ones."""

import inspect

import keras

from tfcompress import _checks
from tfcompress.conversion.clone import clone, refuse_subclassed
from tfcompress.conversion.observe import observe
from tfcompress.conversion.recipe import Recipe
from tfcompress.conversion.swap import carry, host_for, hosts, unbuilt
from tfcompress.conversion.walk import inside, parts_of
from tfcompress.finite_weights import check_finite
from tfcompress.layers.compressed_rnn import CompressedRNN
from tfcompress.layers.host import Host
from tfcompress.sublayers import every_layer


def convert(model, rules, *, fit_weights=True, inputs=None):
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
        inputs: Some hundred examples, as `model` takes them. If given, kernels that
            can (`LowRank`, `Dictionary`) start where the outputs of their layer on
            these examples are nearest, not its weights; how much better that is, says
            `tfcompress.conversion.output_errors`. The states of recurrent layers and
            what is inside `TimeDistributed` are not seen, and fitted by weights.

    Raises:
        ValueError: If a rule matches nothing that can be converted, if a kernel does
            not suit a layer (which it names), or if `model` is not built, is a
            subclassed model, or has weights there that are not finite.
        TypeError: If `rules` hold something else.
        MemoryError: If there is too little of it for a layer, which the error names.

    Example:

    >>> model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(32)])
    >>> small = tfc.convert(model, {"dense*": tfc.kernels.LowRank(rank=4)})
    >>> small.count_params()  # 64 * 4 + 4 * 32 + 32, where it was 2080
    416
    """
    recipe = Recipe(rules)
    _checks.boolean("fit_weights", fit_weights)
    if inputs is not None and not fit_weights:
        rule = "be None where `fit_weights` is False: nothing is fitted"
        raise _checks.error("inputs", rule, type(inputs).__name__)
    refuse_subclassed(model)
    conversion = _Conversion(recipe, fit_weights)
    if inputs is not None:
        conversion.seen = observe(model, conversion.watched(model), inputs)
    converted = clone(model, conversion.replace)
    conversion.refuse_unmatched(model)
    return converted


class _Conversion:
    """The rules at work on one model, and which of them have found a layer."""

    def __init__(self, recipe, fit_weights):
        self.recipe = recipe
        self.fit_weights = fit_weights
        self.matched = set()
        self.seen = {}

    def watched(self, model):
        """Returns pairs of the layers that will be swapped and their hosts."""
        parts = [
            (part.layer, self._swap(part.layer, part.wrapper))
            for part in parts_of(model)
            if not part.traced
        ]
        return [(layer, swap[0]) for layer, swap in parts if swap is not None]

    def replace(self, layer):
        """Returns the new layer for `layer`, or None if it stays as it is."""
        if not isinstance(layer, keras.Layer):
            return None  # an operation, such as `x + y`
        inner = {key: getattr(layer, name) for key, name in inside(layer).items()}
        swaps = {key: self._swap(one, layer) for key, one in inner.items()}
        if not inner:
            swaps = {None: self._swap(layer)}
        if not any(swaps.values()):
            return None
        try:
            return self._replaced(layer, inner, swaps)
        except ValueError as fault:
            raise ValueError(
                f"Layer {layer.name!r} cannot be converted. {fault}"
            ) from fault
        except MemoryError as fault:  # NumPy says how much, and not what for
            raise MemoryError(
                f"Layer {layer.name!r} cannot be converted: memory ran out. {fault}"
            ) from fault

    def _swap(self, layer, wrapper=None):
        """Returns the host and the rule for `layer`, or None."""
        chosen = None
        for rule in self.recipe.rules:
            if rule.matches(layer) or (wrapper is not None and rule.matches(wrapper)):
                host = host_for(layer, rule)
                if host is None and rule.is_strict:
                    _refuse_hostless(layer)
                if host is not None:
                    self.matched.add(rule)
                chosen = (host, rule) if host is not None else None
        return chosen

    def _replaced(self, layer, inner, swaps):
        if self.fit_weights:
            check_finite("model", layer)
        if not inner:
            new = unbuilt(layer, *swaps[None], self.fit_weights, self.seen)
            pairs = [(layer, new)]
        else:
            config = layer.get_config()
            for key, swap in swaps.items():
                if swap is not None:
                    part = unbuilt(inner[key], *swap, self.fit_weights, self.seen)
                    config[key] = keras.saving.serialize_keras_object(part)
            cells = type(layer) is keras.layers.RNN
            new = (CompressedRNN if cells else type(layer)).from_config(config)
            pairs = [(inner[key], getattr(new, inside(layer)[key])) for key in inner]
        new.build_from_config(layer.get_build_config())
        for old, made in pairs:
            if not isinstance(made, Host):
                made.set_weights(old.get_weights())
            elif self.fit_weights:
                carry(old, made, self.seen)
        return new

    def refuse_unmatched(self, model):
        for rule in self.recipe.rules:
            if rule not in self.matched:
                which = rule.which
                raise _checks.error(
                    "rules",
                    "each match a layer that can be compressed",
                    which.__name__ if inspect.isclass(which) else which,
                    remedy=f"Such layers here are {_convertible(model)}."
                    f"{_out_of_reach(model)}",
                )


def _refuse_hostless(layer):
    known = ", ".join(sorted(twin.__name__ for twin in hosts()))
    raise _checks.error(
        "rules",
        f"name layers that have a host ({known})",
        f"{type(layer).__name__} {layer.name!r}",
        remedy="Leave this layer out, or give a host class that suits it.",
    )


def _convertible(model):
    return [layer.name for layer in model.layers if _is_convertible(layer)]


def _is_convertible(layer):
    return type(layer) in hosts() or bool(inside(layer))


def _out_of_reach(model):
    """Says which layers hold others that they make themselves, if some do."""
    closed = {
        type(layer).__name__
        for layer in model.layers
        if not isinstance(layer, keras.Model)
        and not _is_convertible(layer)
        and any(_is_convertible(one) for one in every_layer(layer))
    }
    if not closed:
        return ""
    return (
        f" Those inside {', '.join(sorted(closed))} cannot be swapped: the class makes "
        "them itself. Use the compressed layers there (`tfcompress.layers`)."
    )
