"""Looking up shared values several at a time, with the gradient summed as it should be."""

from keras import ops

from tfcompress.ops.compiled import compiled


def look_up(values, words, length: int):
    r"""Returns the values that `words` spell, `length` of them for each word.

    A word is the number with the digits $k_1 \dots k_l$ to the base of the number of
    values; it stands for $c_{k_1}, \dots, c_{k_l}$. All words that there are get a table,
    and one row of it is looked up for `length` entries: rows cost what single numbers
    cost, and so does the sum of their gradients.

    Args:
        values: Tensor of shape `(size,)`.
        words: Integer tensor of shape `(n,)`, each below `size ** length`.
        length: Values in a word.

    Example:

    >>> from keras import ops
    >>> print(look_up(ops.array([0.5, 7.0]), ops.array([2]), 2).numpy())
    [7.  0.5]
    """
    values, words = ops.convert_to_tensor(values), ops.convert_to_tensor(words)
    size = values.shape[0]
    grid = (size,) * length

    @ops.custom_gradient
    def rows(values, words):
        parts = [
            ops.broadcast_to(ops.reshape(values, _axis(i, length)), grid)
            for i in range(length)
        ]
        table = ops.reshape(ops.stack(parts, axis=-1), (size**length, length))

        def gradient(*args, upstream=None):
            upstream = args[0] if upstream is None else upstream
            total = compiled(_sums, grid, words.shape)
            return total(upstream, words, size, length), None

        return ops.take(table, words, axis=0), gradient

    values, words = ops.convert_to_tensor(values), ops.convert_to_tensor(words)
    return ops.reshape(rows(values, words), (-1,))


def _sums(rows, words, size, length):
    """Returns the sum of all that belongs to each value, of `rows` of `words`."""
    sums = ops.segment_sum(rows, words, num_segments=size**length)
    sums = ops.reshape(sums, (*(size,) * length, length))
    total = 0
    for i in range(length):
        others = tuple(j for j in range(length) if j != i)
        total = total + ops.sum(sums[..., i], axis=others)
    return total


def _axis(i, length):
    return [-1 if j == i else 1 for j in range(length)]
