"""A dictionary of the directions in which a layer's inputs vary."""

import keras
import numpy as np

from tfcompress.dictionaries.rule import DataRule


@keras.saving.register_keras_serializable(package="tfcompress")
class Covariance(DataRule):
    r"""Atoms that are the leading eigenvectors of $X^T X$, orthonormal.

    No other directions hold as much of the inputs: $\lVert X - X U U^T \rVert_F$ is the
    least. The second moment is taken about zero, not about the mean, because the layer
    sees the mean too. (The paper takes random columns of the covariance, which span
    less.)

    Not gained: the bytes of $U$. It follows from data and is stored with the model.

    Args:
        inputs: A batch of what the layer gets, of shape `(..., features)`; or None, in
            `tfcompress.convert(..., inputs=x)`.

    Example:

    >>> x = np.array([[2.0, 2.0, 0.0], [-1.0, -1.0, 0.0]])
    >>> atoms = tfc.dictionaries.Covariance(x).atoms((3,), 1)
    >>> print(np.abs(atoms[:, 0]).round(3))
    [0.707 0.707 0.   ]

    References:
        - [Denil et al., 2013](https://arxiv.org/abs/1306.0543)
    """

    def learn(self, observed, count):
        if observed.gram.ndim == 1:
            most = np.argsort(-observed.gram, kind="stable")[:count]
            return np.eye(observed.features)[:, most]
        _, vectors = np.linalg.eigh(observed.gram)
        return vectors[:, ::-1][:, :count]
