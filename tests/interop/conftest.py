"""One process of legacy Keras for all tests: each would take some seconds to start."""

import importlib.util
import os
import subprocess
import sys

import legacy_files
import pytest

from tfcompress.interop import legacy_keras

TIME_LIMIT = 300  # for a machine that has other things to do


def state():
    """Returns what the process has that legacy Keras could change."""
    import tensorflow as tf

    return dict(os.environ), tf.keras, set(sys.modules)


@pytest.fixture(scope="session")
def installed():
    for name in ("tf_keras", "tensorflow_model_optimization"):
        if importlib.util.find_spec(name) is None:  # importing it would change all
            pytest.skip(f"{name} is not installed")


@pytest.fixture(scope="session")
def around(installed):
    """The state before legacy Keras was started and used, and after it."""
    return {}


@pytest.fixture(scope="session")
def child(around, tmp_path_factory):
    around["before"] = state()
    made = legacy_keras.Child(TIME_LIMIT)
    made.ask({"job": "nothing", "folder": ""}, TIME_LIMIT)
    around["after"] = state()
    yield made
    made.end()


@pytest.fixture
def shared(child, monkeypatch):
    """All that starts legacy Keras gets the one process."""

    class Lent:
        def __init__(self, time_limit):
            pass

        def __enter__(self):
            return child

        def __exit__(self, *error):
            pass

    monkeypatch.setattr(legacy_keras, "Child", Lent)


@pytest.fixture
def legacy(shared):
    with legacy_keras.LegacyKeras(TIME_LIMIT) as made:
        yield made


@pytest.fixture(scope="session")
def files(installed, tmp_path_factory):
    """The folder of what `legacy_files` writes."""
    folder = tmp_path_factory.mktemp("files")
    command = [sys.executable, legacy_files.__file__, str(folder)]
    environment = {**os.environ, "TF_USE_LEGACY_KERAS": "1"}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return folder
