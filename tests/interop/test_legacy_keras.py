import contextlib
import importlib.util
import os
import select

import numpy as np
import pytest

from tfcompress.interop import legacy_keras
from tfcompress.interop.graph import Graph, from_json
from tfcompress.interop.legacy_keras import Child, LegacyKeras

# A child that does what each job says, and needs no TensorFlow.
WORKER = """
import json, os, sys, time

def say(answer):
    print("tfcompress: " + json.dumps(answer), flush=True)

{before}
say("ready")
for line in sys.stdin:
    request = json.loads(line)
    job = request["job"]
    print("a line of somebody else", flush=True)
    print("the last that was heard of it", file=sys.stderr, flush=True)
    if job == "crash":
        os.abort()
    if job == "leave":
        os._exit(3)
    if job == "hang":
        time.sleep(600)
    if job == "fail":
        say({{"fault": "`model` must be another"}})
    say({{"done": [request, dict(os.environ)]}})
"""


@pytest.fixture
def worker(tmp_path, monkeypatch):
    """Makes children run a worker of ours."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)

    def write(before=""):
        (tmp_path / "worker_of_a_test.py").write_text(WORKER.format(before=before))
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setattr(legacy_keras, "PACKAGE", "worker_of_a_test")

    write()
    return write


def test_a_job_is_asked_with_its_options_and_answered(worker):
    with LegacyKeras(60) as legacy:
        request, environment = legacy.do("save", path="model.h5")
        assert request == {
            "job": "save",
            "folder": str(legacy.folder),
            "path": "model.h5",
        }
        assert environment["TF_USE_LEGACY_KERAS"] == "1"
        assert environment["CUDA_VISIBLE_DEVICES"] == "-1"
        folder = legacy.folder
    assert not folder.exists()


def test_models_batches_and_data_go_as_files(worker):
    graph, one = Graph("Sequential", "m", {}), np.ones(1)
    with LegacyKeras(60) as legacy:
        legacy.build(graph, {"d:0": one})
        assert from_json((legacy.folder / "graph.json").read_text()) == graph
        assert legacy.read("weights") == {"d:0": one}
        np.savez(legacy.folder / "outputs.npz", **{"1": 2 * one, "0": one})
        assert legacy.predict([3 * one]) == [one, 2 * one]
        assert legacy.read("inputs") == {"0": 3 * one}
        legacy.train("cluster", [one, 2 * one], 3 * one, epochs=2)
        assert legacy.read("data") == {"0": one, "1": 2 * one, "y": 3 * one}


@pytest.mark.parametrize(
    ("job", "limit", "match"),
    [
        ("crash", 60, "was killed by signal 6: the last that was heard of it"),
        ("leave", 60, "was ended with exit code 3: the last that was heard of it"),
        ("hang", 1.0, r"`time_limit` must be long enough .*time_limit=1\.0"),
        ("fail", 60, "^`model` must be another$"),
    ],
)
def test_how_a_job_went_wrong_is_told_in_one_line(worker, job, limit, match):
    with LegacyKeras(60) as legacy:
        legacy.time_limit = limit
        with pytest.raises(ValueError, match=match) as caught:
            legacy.do(job)
    assert "\n" not in str(caught.value)


def test_a_child_that_does_not_start_is_told_of(worker):
    worker(before="raise ImportError('no such Keras')")
    with (
        pytest.raises(ValueError, match="exit code 1: ImportError: no such Keras"),
        LegacyKeras(60),
    ):
        pass


def test_nothing_is_left_after_an_error(worker):
    legacy = LegacyKeras(60)
    with pytest.raises(ValueError, match="must be another"), legacy:
        legacy.do("fail")
    assert legacy._child._process.returncode is not None
    assert not legacy.folder.exists()


def test_the_environment_stays_as_it_was(worker, monkeypatch):
    monkeypatch.delenv("TF_USE_LEGACY_KERAS", raising=False)
    before = dict(os.environ)
    with LegacyKeras(60):
        assert dict(os.environ) == before
    assert dict(os.environ) == before


@pytest.mark.skipif(os.name != "posix", reason="groups of processes are of POSIX")
def test_what_the_child_started_ends_with_it(worker, tmp_path):
    # It holds the writing end of this pipe, which is closed when it is gone.
    os.mkfifo(tmp_path / "alive")
    started = f"import subprocess; subprocess.Popen('exec sleep 60 > {tmp_path}/alive'"
    worker(before=f"{started}, shell=True)")
    with contextlib.ExitStack() as stack:
        with LegacyKeras(60):
            # Waits until it has it.
            alive = stack.enter_context((tmp_path / "alive").open())
        assert select.select([alive], [], [], 10)[0]
        assert alive.read() == ""


def test_without_legacy_keras_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match="`pip install tf_keras "):
        LegacyKeras(60)


@pytest.mark.parametrize("limit", [0, -1, "long"])
def test_a_time_limit_is_a_positive_number(limit):
    with pytest.raises(ValueError, match="`time_limit` must be a number"):
        LegacyKeras(limit)


def test_this_process_stays_as_it_was(child, around):
    environment, keras, modules = around["before"]
    now = around["after"]
    assert now[0] == environment
    assert now[1] is keras
    assert now[2] == modules
    theirs = ("tf_keras", "tensorflow_model_optimization")
    assert not [name for name in modules if name.startswith(theirs)]


def test_the_child_has_legacy_keras_and_says_what_it_refuses(child):
    assert isinstance(child, Child)
    answer = child.ask({"job": "load", "folder": "", "path": "none.h5"}, 300)
    assert answer["fault"].startswith("Legacy Keras refuses it. OSError: ")
