"""The command `tfcompress demo`: one network, compressed in every way, file by file."""
