"""A trained model of every layer, loaded by a process that only imports the package."""

import pathlib
import subprocess
import sys

import numpy as np
import pytest
from every_layer import NAMES, model_of

LOAD = """
import sys, keras, numpy as np, tfcompress
for name in sys.argv[2:]:
    model = keras.models.load_model(f"{sys.argv[1]}/{name}.keras")
    inputs = np.load(f"{sys.argv[1]}/{name}.inputs.npy")
    np.save(f"{sys.argv[1]}/{name}.npy", model.predict(inputs, verbose=0))
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    random = np.random.default_rng(0)
    here = {}
    for name in NAMES:
        model = model_of(name)
        inputs = random.integers(0, 9, size=(4, *model.input_shape[1:]))
        model.compile("adam", "mse")
        model.fit(inputs, np.zeros((4, *model.output_shape[1:])), verbose=0)
        model.save(folder / f"{name}.keras")
        np.save(folder / f"{name}.inputs.npy", inputs)
        here[name] = model.predict(inputs, verbose=0)
    root = pathlib.Path(__file__).parents[2]
    command = [sys.executable, "-c", LOAD, str(folder), *NAMES]
    subprocess.run(command, check=True, cwd=root)
    return {name: (here[name], np.load(folder / f"{name}.npy")) for name in here}


@pytest.mark.parametrize("name", NAMES)
def test_loaded_model_gives_the_same_outputs(name, outputs):
    before, after = outputs[name]
    np.testing.assert_array_equal(after, before)
