"""Every public part on JAX and PyTorch, where they are installed."""

import importlib.util
import pathlib
import sys

import pytest

EXPORT = {
    (
        "functions",
        "export.to_tflite",
    ): "RuntimeError: An export needs Keras on TensorFlow",
    ("functions", "export.to_saved_model"): "RuntimeError: An export needs Keras on",
}
REFUSED = {
    "jax": {
        **EXPORT,
        ("callbacks", "PruneChannels, activation"): "ValueError: `by` must not be",
    },
    "torch": EXPORT,
}


@pytest.mark.parametrize("backend", REFUSED)
def test_all_works_but_what_is_refused_with_a_reason(backend, monkeypatch):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"needs {backend}, which is not installed")
    folder = pathlib.Path(__file__).parent / "benchmarks"
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    backends = importlib.import_module("backends")

    found = {
        (table, name): outcome
        for table, name, outcome in backends.asked(backend, fast=False, seed=0)
    }

    assert len(found) > 80
    refused = {key: text for key, text in found.items() if text != "works"}
    assert refused.keys() == REFUSED[backend].keys(), refused
    for key, text in refused.items():
        assert text.startswith(REFUSED[backend][key])
