import numpy as np
from linear import X, fit, mask, still

from tfcompress.callbacks.prune_by_gradient import PruneByGradient
from tfcompress.patterns.channel import Channel
from tfcompress.schedules.one_shot import OneShot


def test_the_weights_of_least_product_with_their_gradient_go():
    model = still([[1], [2]])  # outputs 5, 3, 8, 6 against 0
    # Batch gradients: (5 + 9, 10 + 0), then (0 + 12, 32 + 12); products 14, 20, 12, 88.

    fit(model, PruneByGradient(OneShot(0.5, at=2)), np.zeros((4, 1)))

    assert mask(model) == [[0], [1]]


def test_a_large_weight_without_a_gradient_goes_first():
    model = still([[9], [1]])
    x = np.float32(X * [0, 1])

    fit(model, PruneByGradient(OneShot(0.5, at=2)), np.zeros((4, 1)), x=x)

    assert mask(model) == [[0], [1]]


def test_effects_within_a_group_may_cancel():
    # The first channel is at its minimum along its own direction: w'g is 0 in each
    # batch, though no single product is. The second one's is small, and is not 0.
    x = np.float32([[1, 0], [0, 1], [1, 0], [0, 1]])
    y = np.float32([[0, 0.9], [2, 0.9], [0, 0.9], [2, 0.9]])
    model = still([[1, 1], [1, 1]])

    fit(model, PruneByGradient(OneShot(0.5, at=2), pattern=Channel()), y, x=x)

    assert mask(model) == [[0, 1], [0, 1]]


def test_score_of_a_filter_is_that_of_its_outputs_times_their_gradient():
    """Sum of w dL/dw over a unit's weights is the sum of z dL/dz over its outputs."""
    rng = np.random.default_rng(0)
    kernel, y = rng.normal(size=(2, 3)), rng.normal(size=(4, 3))
    outputs = X @ kernel
    products = outputs * 2 * (outputs - y) / 12

    class Watching(PruneByGradient):
        def _update(self, step):
            [weight] = self._weights
            self.seen = self._pooled(weight, self.scores)
            super()._update(step)

    prune = Watching(OneShot(0.5, at=1), pattern=Channel())
    fit(still(kernel), prune, y, batch_size=4)

    # The running mean holds a hundredth of the first batch; groups have 2 members.
    np.testing.assert_allclose(prune.seen * 2 / 0.01, abs(products.sum(0)), rtol=1e-4)
