"""What `import tfcompress` must not do to the process that imports it."""

import json
import pathlib
import subprocess
import sys

import pytest

PROBE = """
import json, os, sys, time
before = dict(os.environ)
import tensorflow as tf
import keras
tf_keras = tf.keras.__name__
begin = time.perf_counter()
import tfcompress
seconds = time.perf_counter() - begin
heavy = [n for n in ("tensorflow_model_optimization", "keras_tuner", "sklearn",
                     "matplotlib",
                     "rich", "typer", "ai_edge_litert", "ai_edge_quantizer", "tf_keras")
         if n in sys.modules]
print(json.dumps({
    "heavy": heavy, "seconds": seconds, "same": tf.keras.__name__ == tf_keras,
    "changed": {k: v for k, v in os.environ.items() if before.get(k) != v},
}))
"""


@pytest.fixture(scope="module")
def probe():
    root = pathlib.Path(__file__).parents[1]
    command = [sys.executable, "-c", PROBE]
    done = subprocess.run(command, capture_output=True, check=True, cwd=root, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_import_loads_no_package_that_only_some_features_need(probe):
    assert probe["heavy"] == []


def test_import_leaves_tf_keras_as_it_was(probe):
    assert probe["same"]


def test_import_leaves_the_environment_as_it_was(probe):
    # Those are TensorFlow's own.
    changed = {
        k for k in probe["changed"] if not k.startswith(("TF2_", "TPU_", "KMP_"))
    }
    assert changed == set()


def test_version_is_that_of_the_package():
    import importlib.metadata

    import tfcompress

    assert tfcompress.__version__ == importlib.metadata.version("tfcompress")
