"""The command `tfcompress`."""
