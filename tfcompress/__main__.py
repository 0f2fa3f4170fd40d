"""The command `tfcompress`, as `python -m tfcompress`."""

from tfcompress.cli.main import app

if __name__ == "__main__":
    app(prog_name="tfcompress")
