"""A dictionary that predicts all weights of a unit from some of them."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.dictionaries.gaussian import Gaussian
from tfcompress.dictionaries.grid import subset


@keras.saving.register_keras_serializable(package="tfcompress")
class KernelRidge(Gaussian):
    r"""Atoms of kernel ridge regression: $V$ holds weights, and $U$ predicts the rest.

    With $\alpha$ some of the pixels, $K$ the squared-exponential kernel of `Gaussian`
    and $\lambda$ the ridge,

    $$ U = K_{\cdot \alpha} (K_{\alpha\alpha} + \lambda I)^{-1} $$

    so that $U V$ is the smoothest weight that is near to $V$ at the pixels $\alpha$. The
    span is that of `Gaussian`; $V$ has another meaning, and trains otherwise. The ridge
    is needed: the kernel of near pixels is almost singular.

    Not gained: a file that computes its atoms. It has no inverse of a matrix, so an
    exported file holds $U$.

    Args:
        grid: Sizes of the axes along which the inputs lie, as in `Gaussian`.
        scale: Width of a bump in pixels, above 0.
        ridge: $\lambda$, above 0.
        seed: Integer that chooses the pixels; drawn if None.

    Example:

    >>> rule = tfc.dictionaries.KernelRidge(grid=(28, 28), ridge=1e-6, seed=1)
    >>> atoms = rule.atoms((784,), 4)
    >>> print(np.sort(atoms, axis=0)[-2:].round(2).tolist()[1])  # itself, exactly
    [1.0, 1.0, 1.0, 1.0]

    References:
        - [Denil et al., 2013](https://arxiv.org/abs/1306.0543)
    """

    computable_in_graph = False

    def __init__(self, grid=None, *, scale=1.0, ridge=1e-3, seed=None):
        super().__init__(grid, scale=scale, seed=seed)
        self.ridge = _checks.number("ridge", ridge, low=0, open_low=True)

    def entries(self, rows, shape, count, xp=np):
        observed = subset(int(np.prod(shape)), count, self.seed)
        among = self.similarity(observed, observed, shape).astype("float64")
        among += self.ridge * np.eye(count)
        return np.linalg.solve(among, self.similarity(rows, observed, shape).T).T

    def get_config(self):
        return {**super().get_config(), "ridge": self.ridge}
