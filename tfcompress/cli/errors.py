"""Errors of a command: one line, and an exit code."""

import contextlib

import typer

BAD_INPUT = 2


@contextlib.contextmanager
def one_line():
    """Turns what a user can put right into one line and the exit code 2."""
    try:
        yield
    except (OSError, TypeError, ValueError) as error:
        fail(error)


def fail(message) -> None:
    """Prints `message` on one line to the error stream and ends with exit code 2."""
    typer.echo(f"Error: {' '.join(str(message).split())}", err=True)
    raise typer.Exit(BAD_INPUT)
