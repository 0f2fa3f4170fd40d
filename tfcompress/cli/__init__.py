"""The command `tfcompress`."""

from tfcompress.cli.main import app

__all__ = ["app"]
