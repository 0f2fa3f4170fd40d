"""Numbers of a report, in words."""


def count(number) -> str:
    return "?" if number is None else f"{number:,}"


def times(ratio) -> str:
    return "?" if ratio is None else f"{ratio:,.1f}x"


def fewer(ratio, name) -> str:
    """Returns how many times fewer of `name` there are than before."""
    if ratio == 1:
        return f"as many {name}"
    if ratio is not None and ratio < 1:
        return f"{1 / ratio:,.1f}x more {name}"
    return f"{times(ratio)} fewer {name}"


def share(number) -> str:
    return "?" if number is None else f"{number:.2%}"


def points(change: float) -> str:
    """Returns the change of a share, in percentage points with a sign."""
    return f"{100 * change:+.2f}"
