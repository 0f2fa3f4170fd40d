"""The command `tfcompress demo`: one network, compressed in every way, file by file."""

from tfcompress.cli.demo.command import demo

__all__ = ["demo"]
