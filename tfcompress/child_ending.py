"""How a child process came to its end."""

import signal


def ending(code: int) -> str:
    """Returns in words what `code`, that of a process that has ended, says."""
    if code >= 0:
        return f"ended with exit code {code}"
    if code == -getattr(signal, "SIGKILL", 9):
        return "killed by signal 9, as the system does where memory runs out"
    return f"killed by signal {-code}"
