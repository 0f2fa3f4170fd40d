"""Plays of Shakespeare as one text, for language models of characters."""

from tfcompress.datasets.keras_cache import cached_file

FILE = "tinyshakespeare.txt"


def tinyshakespeare() -> str:
    """Returns 1,115,394 characters of Shakespeare's plays, 65 distinct ones.

    It is usual to train on the first nine tenths and to test on the rest. It is read
    from `$KERAS_HOME/datasets/tinyshakespeare.txt`, which nothing downloads:
    docs/datasets.md says where it is.

    Raises:
        FileNotFoundError: The file is not there.

    References:
        - [Karpathy, 2015](https://github.com/karpathy/char-rnn)
    """
    source = "data/tinyshakespeare/input.txt of github.com/karpathy/char-rnn"
    path = cached_file(FILE, holds="1,115,394 characters of plain text", source=source)
    return path.read_text(encoding="utf-8")
