"""How far a measured share may be from the true one: 95 % confidence intervals."""

import math

Z = 1.959964  # 95 % of a normal distribution lie within as many standard deviations


def share_interval(right: int, count: int) -> tuple[float, float]:
    r"""Returns the interval of a share, by Wilson's score.

    $$ \frac{p + z^2 / 2n \pm z \sqrt{p (1 - p) / n + z^2 / 4n^2}}{1 + z^2 / n} $$

    with $p = right / n$. It stays in [0, 1], and has a width for 0 and for 1 as well.

    Args:
        right: Number of examples that count.
        count: Number of all of them, n.

    Example:

    >>> low, high = share_interval(98, 100)
    >>> round(low, 3), round(high, 3)
    (0.93, 0.994)

    References:
        E. B. Wilson (1927), "Probable inference, the law of succession, and statistical
        inference", J. of the American Statistical Association 22.
    """
    share, square = right / count, Z * Z / count
    middle = share + square / 2
    width = Z * math.sqrt(share * (1 - share) / count + square / count / 4)
    low, high = (middle - width) / (1 + square), (middle + width) / (1 + square)
    return max(low, 0.0), min(high, 1.0)


def change_interval(gained: int, lost: int, count: int) -> tuple[float, float]:
    """Returns the interval of the change of a share on the same examples.

    Both models saw the same examples, so only those count on which one is right and
    the other is not; this is much narrower than two intervals side by side. It is
    Wald's interval with half an example added to each of the four cases.

    Args:
        gained: Number of examples that only the second model has right.
        lost: Number of examples that only the first one has right.
        count: Number of all of them.

    Example: Ten thousand examples; what looks like a loss of 0.2 points may be none.

    >>> low, high = change_interval(gained=60, lost=80, count=10_000)
    >>> low < 0 < high
    True

    References:
        A. Agresti, Y. Min (2005), "Simple improved confidence intervals for comparing
        matched proportions", Statistics in Medicine 24.
    """
    size, change = count + 2, gained - lost
    spread = math.sqrt(gained + lost + 1 - change * change / size)
    return (change - Z * spread) / size, (change + Z * spread) / size
