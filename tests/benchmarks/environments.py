"""Packages that cannot be where this one is, each in an environment of its own.

The variable `TFCOMPRESS_PEERS` names a folder of virtual environments, made with Python
3.11 by `python -m venv $TFCOMPRESS_PEERS/NAME` and, in each, `pip install`:

    larq            larq larq-compute-engine "tensorflow<2.19" "tf_keras<2.19"
    pquant-ml       "pquant-ml[tensorflow]" onnx
    lassonet        lassonet
    torch-pruning   torch-pruning onnx onnxscript

Without the variable their rows are left out, and the result says so.
"""

import json
import os
import pathlib
import subprocess
import sys

# Larq wants NumPy 1, PQuantML TensorFlow 2.20; the others bring PyTorch.
APART = ("larq", "pquant-ml", "lassonet", "torch-pruning")
ON_LEGACY_KERAS = ("larq", "tfmot")


def python_of(package):
    """Returns the interpreter that has `package`; None if it is not installed."""
    if package not in APART:
        return pathlib.Path(sys.executable)
    folder = os.environ.get("TFCOMPRESS_PEERS")
    path = pathlib.Path(folder or "", package, "bin", "python").absolute()
    return path if folder and path.exists() else None


def not_installed(packages):
    return [package for package in packages if python_of(package) is None]


def run(package, script, order):
    """Returns what a script prints as its last line, in the environment of `package`.

    Args:
        package: Its name.
        script: Path of the script, which takes one argument.
        order: What it is told, for JSON.
    """
    command = [str(python_of(package)), str(script), json.dumps(order)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment.pop("TF_USE_LEGACY_KERAS", None)
    if package in ON_LEGACY_KERAS:
        environment["TF_USE_LEGACY_KERAS"] = "1"
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{package}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])
