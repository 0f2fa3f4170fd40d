import types

import pytest

from tfcompress.export import supervised
from tfcompress.export.supervised import attempts

# A worker that does what each step says, and needs no TensorFlow.
WORKER = """
import json, os, pathlib, pickle, time

def say(outcome):
    print("tfcompress: " + json.dumps(outcome), flush=True)

def main(folder):
    steps = pickle.loads((pathlib.Path(folder) / "request.pickle").read_bytes())
    {before}
    say({{"ready": True}})
    for step in steps:
        print("a line of somebody else", flush=True)
        if step == "crash":
            os.abort()
        if step == "leave":
            os._exit(3)
        if step == "hang":
            time.sleep(600)
        say({{"step": step, "process": os.getpid()}})
"""


@pytest.fixture
def worker(tmp_path, monkeypatch):
    """Makes the children run a worker of ours."""

    def write(before=""):
        (tmp_path / "worker_of_a_test.py").write_text(WORKER.format(before=before))
        monkeypatch.syspath_prepend(tmp_path)
        stand_in = types.SimpleNamespace(__name__="worker_of_a_test")
        monkeypatch.setattr(supervised, "variant_worker", stand_in)

    write()
    return write


def test_all_steps_go_to_one_child(tmp_path, worker):
    outcomes = attempts(tmp_path, ["a", "b"], 60)
    assert [outcome["step"] for outcome in outcomes] == ["a", "b"]
    assert len({outcome["process"] for outcome in outcomes}) == 1


@pytest.mark.parametrize(
    ("step", "limit", "fault"),
    [
        ("crash", 60, "ends the process: killed by signal 6"),
        ("leave", 60, "ends the process: ended with exit code 3"),
        ("hang", 0.5, "took longer than 0.5 seconds"),
    ],
)
def test_a_step_that_ends_badly_is_named_and_the_next_one_is_tried(
    tmp_path, worker, step, limit, fault
):
    outcomes = attempts(tmp_path, ["a", step, "b"], limit)
    assert [outcomes[0]["step"], outcomes[2]["step"]] == ["a", "b"]
    assert outcomes[1] == {"fault": fault}


def test_the_last_step_may_end_badly(tmp_path, worker):
    assert len(attempts(tmp_path, ["a", "crash"], 60)) == 2


def test_a_child_that_does_not_start_says_why(tmp_path, worker):
    worker(before="raise KeyError('no such thing')")
    with pytest.raises(RuntimeError, match="no such thing"):
        attempts(tmp_path, ["a"], 60)
