import subprocess
import sys

import pytest

from tfcompress.child_ending import ending


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise SystemExit(3)", "ended with exit code 3"),
        ("import os; os.abort()", "killed by signal 6"),
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            "killed by signal 9, as the system does where memory runs out",
        ),
    ],
)
def test_end_of_a_process_in_words(code, words):
    assert ending(subprocess.run([sys.executable, "-c", code]).returncode) == words
