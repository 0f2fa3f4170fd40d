"""What rich draws, as a string."""

import io


def plain_console(width: int = 80):
    """Returns a console that draws into a string; `drawn` gives it back."""
    from rich.console import Console

    # In a notebook rich would display what is printed, and leave the string empty.
    return Console(
        file=io.StringIO(), width=width, color_system=None, force_jupyter=False
    )


def drawn(console) -> str:
    """Returns what was printed to a `plain_console`, without blanks at ends of lines."""
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())
