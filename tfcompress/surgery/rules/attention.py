"""The rule of attention: whole heads, and the widths of all heads."""

import inspect

import keras
import numpy as np

from tfcompress.surgery.channels import Channels
from tfcompress.surgery.rules.rule import Reading, Rule

GIVEN = ("query", "key", "value")


class MultiHeadAttention(Rule):
    r"""Four projections, of which three make heads by widths.

    $$ \mathrm{softmax}(q k^T / \sqrt{d}) \, v $$

    A head leaves from all four. Of its widths, that of queries and keys is one thing,
    with the $d$ of the formula, that of the values another; each is one for all heads.
    """

    def couple(self, call, inputs, trace):
        named = self._given(call, inputs)
        masks = [c for c in inputs if not any(c is one for one in named)]
        self.refuse(masks, trace, f"{self.part} takes them as a mask")
        kernel = self.part.array("output_dense.kernel")
        if self.layer.get_config().get("use_gate") or kernel.ndim != 3:
            reason = f"{self.part} has gates, or several axes of outputs"
            return self.refuse(named, trace, reason)
        heads = trace.make(self.part, "heads", self.layer.num_heads)
        keys = trace.make(self.part, "key_dim", self.layer.key_dim)
        values = trace.make(self.part, "value_dim", self.layer.value_dim)
        units = trace.make(self.part, "units", kernel.shape[-1])
        last = len(call.inputs[0].shape) - 1
        widths = (keys, keys, values)
        for name, channels, width in zip(GIVEN, named, widths, strict=True):
            read = trace.read(channels, last, self.part)
            weight = f"{name}_dense.kernel"
            trace.place(self.part, weight, 0, read, "reads")
            trace.place(self.part, weight, 1, heads, "makes")
            trace.place(self.part, weight, 2, width, "makes")
            weight = f"{name}_dense.bias"
            trace.place(self.part, weight, 0, heads, "carries")
            trace.place(self.part, weight, 1, width, "carries")
        trace.place(self.part, "output_dense.kernel", 0, heads, "reads")
        trace.place(self.part, "output_dense.kernel", 1, values, "reads")
        trace.place(self.part, "output_dense.kernel", 2, units, "makes")
        trace.place(self.part, "output_dense.bias", 0, units, "carries")
        self.heads, self.keys, self.values = (
            Channels(last, ids) for ids in (heads, keys, values)
        )
        return [Channels(last, units)]

    def _given(self, call, things):
        """Returns what belongs to query, key and value; the key is the value if None."""
        bound = inspect.signature(self.layer.call).bind(*call.args, **call.kwargs)
        found = bound.arguments
        place = {id(tensor): n for n, tensor in enumerate(call.inputs)}
        value = found["value"]
        key = value if found.get("key") is None else found["key"]
        return [things[place[id(t)]] for t in (found["query"], key, value)]

    def constants(self, use, values, threshold):
        if not use.outputs:
            return []
        constant = self._head_constants(use, values, threshold)
        kernel = self.part.array("output_dense.kernel")
        alive = (np.abs(kernel) > threshold) & np.isnan(constant)[..., None]
        sums = np.einsum("hv,hvo->o", np.nan_to_num(constant), kernel)
        sums = sums + self._bias("output", kernel.shape[-1:])
        return [np.where(alive.any((0, 1)), np.nan, sums)]

    def _head_constants(self, use, values, threshold):
        """What each width of each head gives, where that is always the same."""
        *_, given = self._given(use.call, values)
        kernel = self.part.array("value_dense.kernel")
        given = np.full(len(kernel), np.nan) if given is None else given
        reach = (np.abs(kernel) > threshold) & np.isnan(given)[:, None, None]
        sums = np.einsum("i,ihv->hv", np.nan_to_num(given), kernel)
        sums = sums + self._bias("value", kernel.shape[1:])
        return np.where(reach.any(0), np.nan, sums)

    def readings(self, use, values, threshold):
        if not use.outputs:
            return
        [units, *_] = use.outputs
        channels = self._given(use.call, use.inputs)
        given = self._given(use.call, values)
        varies = {}
        for name, read, value in zip(GIVEN, channels, given, strict=True):
            reach = np.abs(self.part.array(f"{name}_dense.kernel")) > threshold
            known = None if value is None else ~np.isnan(value)
            yield Reading(read, self.heads, reach.any(2), known)
            live = reach if known is None else reach & ~known[:, None, None]
            varies[name] = live.any(0)
        kernel = self.part.array("output_dense.kernel")
        constant = self._head_constants(use, values, threshold)
        reach = (np.abs(kernel) > threshold) & np.isnan(constant)[..., None]
        yield Reading(self.heads, units, reach.any(1), None)
        yield Reading(self.values, units, reach.any(0), None)
        # What is the same for all keys does not change how they are weighed.
        asked = varies["query"] | (self._bias("query", varies["query"].shape) != 0)
        yield Reading(self.keys, self.heads, (asked & varies["key"]).T, None)

    def with_bias(self):
        names = (*GIVEN, "output")
        return {"use_bias": True}, [f"{name}_dense.bias" for name in names]

    def folded(self, use, values, gone):
        if not use.outputs:
            return {}
        added = {}
        channels = self._given(use.call, use.inputs)
        given = self._given(use.call, values)
        for name, read, value in zip(GIVEN, channels, given, strict=True):
            if value is not None:
                value = np.where(gone(read), np.nan_to_num(value), 0)
                kernel = self.part.array(f"{name}_dense.kernel")
                change = np.einsum("i,ihk->hk", value, kernel)
                added[self.part.name(f"{name}_dense.bias")] = change
        constant = np.nan_to_num(self._head_constants(use, values, 0.0))
        leaves = gone(self.heads)[:, None] | gone(self.values)
        kernel = self.part.array("output_dense.kernel")
        change = np.einsum("hv,hvo->o", np.where(leaves, constant, 0), kernel)
        added[self.part.name("output_dense.bias")] = change
        return added

    def _bias(self, name, shape):
        weight = f"{name}_dense.bias"
        return self.part.array(weight) if self.part.has(weight) else np.zeros(shape)

    def factors(self, sizes):
        # Keras divides by the root of the width that it has.
        factor = np.sqrt(sizes("query_dense.kernel")[2] / self.layer.key_dim)
        names = ("query_dense.kernel", "query_dense.bias")
        return {self.part.name(name): factor for name in names}

    def resized(self, config, sizes):
        _, value_dim, units = sizes("output_dense.kernel")
        _, heads, key_dim = sizes("query_dense.kernel")
        return {
            "num_heads": heads,
            "key_dim": key_dim,
            "value_dim": value_dim,
            "output_shape": (units,),
        }


RULES = {keras.layers.MultiHeadAttention: MultiHeadAttention}
