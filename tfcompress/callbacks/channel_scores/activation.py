"""Channels by how large they are where the next layers read them."""

import functools

import keras
import numpy as np
from keras import ops

from tfcompress import _checks
from tfcompress.callbacks.channel_scores.batch_score import BatchScore


class Activation(BatchScore):
    r"""The mean absolute value of a channel, in the inputs of the layers that read it.

    $$ s_c = \sum_l \operatorname{mean} |x^l_c| $$

    over the layers $l$ that read the channel, their examples and places, and the
    training batches since the last update of the masks. It is read behind the
    activation function, as the next layer gets it. A unit that is never active scores
    0; one that is always the same does not, though a bias could take its place.

    References:
        - [Molchanov et al., 2017](https://arxiv.org/abs/1611.06440), "mean activation"
    """

    def __init__(self):
        self._sums, self._patched, self._model = {}, [], None

    @property
    def ready(self):
        return bool(self._sums) and ops.convert_to_numpy(self._batches) > 0

    def attach(self, model, groups):
        if keras.backend.backend() == "jax":
            # Which throws away what a layer's call does to a variable of another.
            rule = "not be 'activation' on JAX, whose steps cannot keep such sums"
            remedy = "Choose 'norm', 'bn_scale' or 'taylor'."
            raise _checks.error("by", rule, "activation", remedy=remedy)
        self.detach()
        self._model = model
        self._batches = _counter(())
        self._seeing = _counter(())
        self._seeing.assign(1)
        self._sums = {id(group): _counter(group.size) for group in groups}
        readings = {}
        for group in groups:
            for member in _readers(group):
                reading = member, self._sums[id(group)]
                readings.setdefault(id(member.layer), []).append(reading)
        for number, layer_readings in enumerate(readings.values()):
            # One layer counts the batches for all.
            self._patch(layer_readings, counts=number == 0)

    def detach(self):
        for layer in self._patched:
            del layer.call  # the instance's; that of its class is back
        if self._patched:
            # Made while the layers were patched; that of training is renewed anyway.
            self._model.make_test_function(force=True)
        self._patched = []

    def pause(self):
        self._seeing.assign(0)

    def resume(self):
        self._seeing.assign(1)

    @property
    def counters(self):
        return [self._batches, *self._sums.values()] if self._sums else []

    def scores(self, group):
        total, batches = map(
            ops.convert_to_numpy, (self._sums[id(group)], self._batches)
        )
        return total / batches

    def _patch(self, readings, counts):
        layer = readings[0][0].layer
        inner = layer.call

        @functools.wraps(inner)
        def call(inputs, *args, **kwargs):
            for member, total in readings:
                total.assign_add(self._seeing * _mean(inputs, member, total.shape[0]))
            if counts:
                self._batches.assign_add(self._seeing)
            return inner(inputs, *args, **kwargs)

        layer.call = call
        self._patched.append(layer)


def _counter(shape):
    # Read in the layers' calls, which would cast it in mixed precision. Of what the
    # replicas of a strategy add, the mean is added.
    return keras.Variable(
        np.zeros(shape),
        dtype="float32",
        trainable=False,
        autocast=False,
        aggregation="mean",
    )


def _readers(group):
    """Returns the members whose layers have the channels on an axis of their input."""
    kinds = (
        keras.layers.Dense,
        keras.layers.Conv1D,
        keras.layers.Conv2D,
        keras.layers.Conv3D,
        keras.layers.RNN,
    )
    readers = [
        member
        for member in group.roles("reads")
        if isinstance(member.layer, kinds)
        and member.weight in ("kernel", "cell.kernel")
    ]
    if not readers:
        rule = f"not be 'activation' for {group.name!r}, which no dense, convolutional "
        rule += "or recurrent layer reads"
        remedy = "Choose other layers by `which`, or another score."
        raise _checks.error("by", rule, "activation", remedy=remedy)
    return readers


def _mean(inputs, member, size):
    """Returns the mean absolute value of each channel, summed where it comes twice."""
    first = getattr(member.layer, "data_format", None) == "channels_first"
    axis = 1 if first else len(inputs.shape) - 1
    others = [other for other in range(len(inputs.shape)) if other != axis]
    means = ops.mean(ops.abs(ops.cast(inputs, "float32")), others)
    # What belongs to no channel of the group is -1: into a bin of its own.
    return ops.segment_sum(means, member.channels % (size + 1), size + 1)[:size]
