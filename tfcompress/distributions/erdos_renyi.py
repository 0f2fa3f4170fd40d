"""Large weights sparser than small ones, as in a random graph."""

import dataclasses
import math

from tfcompress.distributions.distribution import Distribution


@dataclasses.dataclass(frozen=True)
class ErdosRenyi(Distribution):
    r"""The Erdős-Rényi-kernel distribution: large weights are the sparser ones.

    $$ 1 - s_l = \min(1, \epsilon \, \tfrac{\sum_d n_{l,d}}{\prod_d n_{l,d}}) $$

    for a weight of axes $n_{l,1} \times n_{l,2} \dots$, with the $\epsilon$ that
    gives all weights together the schedule's sparsity. Each unit of a dense layer
    then has about as many connections, whatever the layer's size. Small weights may
    stay whole; convolutions keep more multiplications than under `Uniform`.

    Example:

    >>> import types
    >>> shapes = [(100, 300), (300, 10)]
    >>> weights = [types.SimpleNamespace(shape=shape) for shape in shapes]
    >>> [round(s, 3) for s in ErdosRenyi().sparsities(None, weights, 0.9)]
    [0.938, 0.52]

    References:
        - [Mocanu et al., 2018](https://arxiv.org/abs/1707.04780)
        - [Evci et al., 2020](https://arxiv.org/abs/1911.11134)
    """

    def sparsities(self, model, variables, final):
        shapes = [tuple(variable.shape) for variable in variables]
        sizes = [math.prod(shape) for shape in shapes]
        whole = set()
        while True:
            # What is to be kept, less what the whole weights keep.
            kept = sum(sizes) * (1 - final) - sum(sizes[i] for i in whole)
            rest = [i for i in range(len(shapes)) if i not in whole]
            if not rest or final == 0:
                return [0.0] * len(shapes)
            epsilon = kept / sum(sum(shapes[i]) for i in rest)
            share = {i: epsilon * sum(shapes[i]) / sizes[i] for i in rest}
            over = {i for i in rest if share[i] > 1}
            if not over:
                return [1 - share.get(i, 1.0) for i in range(len(shapes))]
            whole |= over
