import numpy as np
from linear import X, fit, mask, still

from tfcompress.callbacks.prune_by_saliency import PruneBySaliency
from tfcompress.schedules.one_shot import OneShot


def test_saliency_is_half_the_mean_squared_gradient_times_the_squared_weight():
    model, prune = still([[1], [2]]), PruneBySaliency(OneShot(0.0, at=2))
    prune._release = lambda: None

    fit(model, prune, np.zeros((4, 1)))

    # Gradients (14, 10), then (12, 44); the running mean keeps 0.99 of what it has.
    mean = 0.01 * (0.99 * np.square([14, 10]) + np.square([12, 44]))
    kernel = model.layers[0].kernel
    expected = 0.5 * mean * np.square([1, 2])
    np.testing.assert_allclose(prune.scores(kernel).ravel(), expected, rtol=1e-4)


def test_diagonal_is_proportional_to_that_of_the_hessian_where_the_model_is_right(rng):
    x = rng.normal(size=(4000, 2)).astype("float32") * [1, 3]
    y = x @ [[1], [1]] + rng.normal(size=(4000, 1))
    model, prune = still([[1], [1]]), PruneBySaliency(OneShot(0.5, at=1000))
    prune.memory = None
    prune._release = lambda: None

    fit(model, prune, y, x=x, batch_size=4)

    # Of a linear model the Hessian's diagonal is the mean of the squared inputs: 1 : 9.
    seen = prune._tap.read(model.layers[0].kernel).ravel()
    np.testing.assert_allclose(seen[1] / seen[0], 9, rtol=0.15)


def test_small_weight_on_a_loud_input_outlives_a_large_one_on_a_faint_input():
    model = still([[1], [0.5]])
    x = np.float32(X * [0.1, 10])

    fit(model, PruneBySaliency(OneShot(0.5, at=2)), np.zeros((4, 1)), x=x)

    assert mask(model) == [[0], [1]]
