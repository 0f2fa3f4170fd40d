"""Channels by how much the loss would change without them, to first order."""

import numpy as np
from keras import ops

from tfcompress.callbacks.channel_scores.batch_score import BatchScore
from tfcompress.callbacks.gradient_tap import GradientTap
from tfcompress.callbacks.step_variable import of_all_replicas, step_variable


class Taylor(BatchScore):
    r"""The size of weight times gradient, summed over all weights of a channel.

    $$ s_c = \operatorname{mean}_{batches}
       \Bigl| \sum_{i \in c} w_i \frac{\partial L}{\partial w_i} \Bigr| $$

    over all that makes the channel or goes along with it: kernels, biases, the scales
    and shifts of normalizations. For a linear map with a bias that sum *is* the sum of
    activation times gradient, over the examples and places of a batch; before a batch
    normalization it is zero, so that only what comes after counts.

    The gradients are those of the training steps since the last update of the masks,
    taken where the optimizer gets them.

    References:
        - [Molchanov et al., 2019](https://arxiv.org/abs/1906.10771)
    """

    comparable = True

    def __init__(self):
        self._tap = None

    @property
    def ready(self):
        return self._tap is not None and self._batches > 0

    def attach(self, model, groups):
        self.detach()
        self._tap = _GroupTap(model, groups)

    def detach(self):
        if self._tap is not None:
            self._tap.close()
        self._tap = None

    @property
    def counters(self):
        tap = self._tap
        return [] if tap is None else [tap.batches, *tap.sums.values()]

    def scores(self, group):
        return ops.convert_to_numpy(self._tap.sums[id(group)]) / self._batches

    @property
    def _batches(self):
        return int(ops.convert_to_numpy(self._tap.batches))


class _GroupTap(GradientTap):
    """Sums up what the gradients of a step say of whole channels."""

    def __init__(self, model, groups):
        super().__init__(model, [], observe=None, memory=None)
        self.groups = groups
        once = {"aggregation": "only_first_replica"}  # all have the same to add
        self.sums = {
            id(group): step_variable(model, np.zeros(group.size), "float32", **once)
            for group in groups
        }
        self.batches = step_variable(model, np.zeros(()), "int32", **once)

    def __call__(self, grads, trainable_variables=None):
        # JAX's step gives none: it has them in the model's order.
        variables = trainable_variables or self.model.trainable_variables
        given = {
            id(variable): gradient
            for variable, gradient in zip(variables, grads, strict=True)
            if gradient is not None
        }
        for group in self.groups:
            members = [*group.roles("makes"), *group.roles("carries")]
            change = sum(
                _summed(member, given[id(member.variable)], group.size)
                for member in members
                if id(member.variable) in given
            )
            self.sums[id(group)].assign_add(ops.abs(of_all_replicas(change)))
        self.batches.assign_add(1)
        self.inner(grads, trainable_variables)


def _summed(member, gradient, size):
    """Returns weight times gradient, summed for each channel."""
    product = ops.convert_to_tensor(member.variable) * ops.convert_to_tensor(gradient)
    others = [axis for axis in range(len(product.shape)) if axis != member.axis]
    product = ops.cast(ops.sum(product, others), "float32")
    # What belongs to no channel of the group is -1: into a bin of its own.
    return ops.segment_sum(product, member.channels % (size + 1), size + 1)[:size]
