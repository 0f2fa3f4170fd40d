"""The loss by which a student learns how far apart its teacher sees examples."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="tfcompress")
class RelationalDistance(keras.losses.Loss):
    r"""Difference of the distances among a batch's examples, of student and teacher.

    With features $u_i$ of example i, and the distances divided by their mean over the
    batch, so that the scale of the features does not count,

    $$ d_{ij} = \Vert u_i - u_j \Vert / \mu, \quad
       \mathcal{L}_i = \mathrm{mean}_{j \ne i} \; \ell(d_{ij} - d'_{ij}) $$

    with $\ell$ of Huber: $x^2 / 2$ up to 1, $|x| - 1/2$ beyond. Nothing but the
    distances is compared: widths may differ, and turning the features changes nothing.

    An example is compared with those beside it, so the loss is one of batches: with
    several replicas the pairs are those within each one's share, and its result is not
    that of one replica. A batch of one example teaches nothing.

    Called as `loss(teacher_features, student_features, sample_weight)`.

    Args:
        reduction: As in `keras.losses.Loss`, likewise `name` and `dtype`.

    Input shape:
        Twice `(batch, ...)`; what is behind the batch is one vector.

    Example:

    Three points on a line, 1 and 2 apart; the student has all of them 1 apart. Divided
    by their means, 2 and 1, the teacher's are 1/2, 1, 3/2 and the student's 1.

    >>> loss = tfc.losses.RelationalDistance()
    >>> corners = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]])
    >>> round(float(loss(np.array([[0.0], [1.0], [3.0]]), corners)), 4)  # (1/8) * 2/3
    0.0833

    References:
        - [Park et al., 2019](https://arxiv.org/abs/1904.05068)
    """

    takes_any_width = True

    def __init__(
        self, reduction="sum_over_batch_size", name="relational_distance", dtype=None
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)

    def call(self, y_true, y_pred):
        y_true, y_pred = map(ops.convert_to_tensor, (y_true, y_pred))  # of lists too
        size = ops.shape(y_pred)[0]
        apart = 1 - ops.eye(size, dtype=y_pred.dtype)
        pairs = ops.maximum(ops.cast(size - 1, y_pred.dtype), 1)
        difference = ops.abs(_distances(y_pred, apart) - _distances(y_true, apart))
        short = ops.minimum(difference, 1)
        huber = short * (difference - short / 2)
        return ops.sum(huber * apart, axis=-1) / pairs


def _distances(features, apart):
    """The distances of each from each, divided by their mean."""
    features = ops.reshape(features, (ops.shape(features)[0], -1))
    # By products: differences of each from each would need batch² x width numbers. The
    # squares are then exact to rounding of the features' size, which centering lowers.
    features -= ops.mean(features, axis=0, keepdims=True)
    sizes = ops.sum(features**2, axis=-1)
    products = ops.matmul(features, ops.transpose(features))
    squares = sizes[:, None] + sizes[None] - 2 * products
    # The root has no gradient at zero, where an example meets itself or its like.
    distances = ops.sqrt(ops.maximum(squares, 1e-12)) * apart
    mean = ops.sum(distances) / ops.maximum(ops.sum(apart), 1)
    return distances / ops.maximum(mean, 1e-6)
