"""A trained model of every layer, loaded by a process that only imports the package."""

import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest

from tfcompress import kernels, layers

LOAD = """
import sys, keras, numpy as np, tfcompress
for name in sys.argv[2:]:
    model = keras.models.load_model(f"{sys.argv[1]}/{name}.keras")
    inputs = np.load(f"{sys.argv[1]}/inputs.npy")
    np.save(f"{sys.argv[1]}/{name}.npy", model.predict(inputs, verbose=0))
"""
OPTIONS = {
    "Hashed": {"ratio": 0.25},
    "LowRank": {"rank": 2},
    "Binary": {"scale": "channel", "stochastic": True},
    "Compressed": {"kernel": kernels.Hashed(ratio=0.5, block_size=1)},
    "DropNeuron": {},
}
ARGUMENTS = {"Dense": {"units": 8}, "Conv2D": {"filters": 8, "kernel_size": 3}}


def _layer(name):
    prefix = next(p for p in OPTIONS if name.startswith(p))
    return getattr(layers, name)(**ARGUMENTS[name[len(prefix) :]], **OPTIONS[prefix])


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    inputs = np.random.default_rng(0).normal(size=(4, 5, 5, 6)).astype("float32")
    np.save(folder / "inputs.npy", inputs)
    here = {}
    for name in layers.__all__:
        model = keras.Sequential([keras.Input((5, 5, 6)), _layer(name)])
        model.compile("adam", "mse")
        model.fit(inputs, np.zeros((4, *model.output_shape[1:])), verbose=0)
        model.save(folder / f"{name}.keras")
        here[name] = model.predict(inputs, verbose=0)
    root = pathlib.Path(__file__).parents[2]
    command = [sys.executable, "-c", LOAD, str(folder), *layers.__all__]
    subprocess.run(command, check=True, cwd=root)
    return {name: (here[name], np.load(folder / f"{name}.npy")) for name in here}


@pytest.mark.parametrize("name", layers.__all__)
def test_loaded_model_gives_the_same_outputs(name, outputs):
    before, after = outputs[name]
    np.testing.assert_array_equal(after, before)
