import builtins
import os

# Before TensorFlow is imported: quiet logs, and two workers must not fight for cores.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _same_randomness_everywhere():
    keras.utils.set_random_seed(0)


@pytest.fixture(autouse=True)
def _one_dtype_policy_per_test():
    yield
    keras.config.set_dtype_policy("float32")


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def in_notebook(monkeypatch):
    """Makes this process look like the kernel of a notebook."""
    shell = type("ZMQInteractiveShell", (), {})
    monkeypatch.setattr(builtins, "get_ipython", shell, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")  # which ipykernel sets
