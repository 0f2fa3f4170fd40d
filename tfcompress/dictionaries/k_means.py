"""A dictionary of typical inputs."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.dictionaries.rule import DataRule


@keras.saving.register_keras_serializable(package="tfcompress")
class KMeans(DataRule):
    r"""Atoms that are the centres of k-means clusters of the inputs, of length 1.

    The inputs are whitened before (their leading components, with `variance` of it,
    scaled to one variance), so that clusters are not those of brightness alone.

    Not gained: the bytes of $U$. It follows from data and is stored with the model.

    Args:
        inputs: A batch of what the layer gets, of shape `(..., features)`, with more
            rows than atoms; or None, in `tfcompress.convert(..., inputs=x)`.
        variance: Share of the variance that whitening keeps, in (0, 1].
        seed: Integer that the clustering starts from.

    Example:

    >>> x = np.array([[3.0, 0.0], [2.9, 0.1], [0.0, 1.0], [0.1, 1.1]])
    >>> atoms = tfc.dictionaries.KMeans(x, variance=1.0).atoms((2,), 2)
    >>> print(np.sort(atoms[0]).round(1))  # one along each axis
    [0. 1.]

    References:
        - [Denil et al., 2013](https://arxiv.org/abs/1306.0543)
    """

    def __init__(self, inputs=None, *, variance=0.8, seed=0):
        super().__init__(inputs)
        self.variance = _checks.ratio("variance", variance)
        self.seed = _checks.integer("seed", seed, low=0, high=2**31 - 1)

    def learn(self, observed, count):
        from sklearn.cluster import KMeans as Clusters

        rows = observed.sample
        if len(rows) < count:
            rule = f"have at least {count} rows, one for each atom"
            raise _checks.error("inputs", rule, len(rows))
        mean = rows.mean(axis=0)
        _, s, components = np.linalg.svd(rows - mean, full_matrices=False)
        kept = 1 + np.searchsorted(np.cumsum(s**2), self.variance * np.sum(s**2) - 1e-9)
        s, components = s[:kept], components[:kept]
        scale = np.where(s > 0, s, 1.0) / len(rows) ** 0.5
        white = (rows - mean) @ components.T / scale
        clusters = Clusters(count, n_init=1, random_state=self.seed).fit(white)
        centres = (clusters.cluster_centers_ * scale) @ components + mean
        norms = np.linalg.norm(centres, axis=1, keepdims=True)
        return (centres / np.where(norms > 0, norms, 1.0)).T

    def get_config(self):
        return {**super().get_config(), "variance": self.variance, "seed": self.seed}
