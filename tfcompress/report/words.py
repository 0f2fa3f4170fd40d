"""Numbers of a report, in words."""


def count(number) -> str:
    return "?" if number is None else f"{number:,}"


def times(ratio) -> str:
    return "?" if ratio is None else f"{ratio:,.1f}x"


def share(number) -> str:
    return "?" if number is None else f"{number:.2%}"


def points(change: float) -> str:
    """Returns the change of a share, in percentage points with a sign."""
    return f"{100 * change:+.2f}"
