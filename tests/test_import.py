"""What `import tfcompress` must not do to the process that imports it."""

import json
import pathlib
import subprocess
import sys

import pytest

PROBE = """
import json, os, sys
environment = dict(os.environ)
import tensorflow as tf
import keras
tf_keras, known = tf.keras.__name__, set(sys.modules)
import tfcompress
# An error, once TensorFlow has started.
tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()]
)
print(json.dumps({
    "new": sorted({name.partition(".")[0] for name in set(sys.modules) - known}),
    "same": tf.keras.__name__ == tf_keras,
    "changed": [k for k, v in os.environ.items() if environment.get(k) != v],
}))
"""
HEAVY = {
    "tensorflow_model_optimization",
    "keras_tuner",
    "tf_keras",
    "sklearn",
    "matplotlib",
    "rich",
    "typer",
    "ai_edge_litert",
    "ai_edge_quantizer",
}


@pytest.fixture(scope="module")
def probe():
    root = pathlib.Path(__file__).parents[1]
    command = [sys.executable, "-c", PROBE]
    done = subprocess.run(command, capture_output=True, check=True, cwd=root, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_import_loads_no_package_that_only_some_features_need(probe):
    assert not HEAVY & set(probe["new"])


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
