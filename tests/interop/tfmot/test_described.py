import json
import types

import numpy as np
import pytest
from legacy_configs import layer, sequential, source

from tfcompress.interop.tfmot.described import described


class Legacy:
    """A process of legacy Keras that has doubled its inputs."""

    def __init__(self, folder, factor=2.0, ranges=None):
        dense = layer("Dense", "d", units=1, use_bias=False)
        self.folder, self.factor = folder, factor
        (folder / "config.json").write_text(
            json.dumps(sequential(source("x", 1), dense))
        )
        (folder / "ranges.json").write_text(json.dumps(ranges or {}))

    def do(self, job):
        assert job == "describe"

    def read(self, name):
        return {"weights": {"d:0": np.array([[2.0]])}}[name]

    def predict(self, batch):
        return [self.factor * batch[0]]


RANGES = {
    "d": {
        "weights": {"kernel": {"high": [2.0], "bits": 8, "even": True}},
        "output": None,
    }
}


def test_the_model_is_built_and_compared(tmp_path):
    model = described(Legacy(tmp_path), None)
    assert model(np.array([[3.0]])).numpy().tolist() == [[6]]
    with pytest.raises(ValueError, match="must have equal outputs"):
        described(Legacy(tmp_path, factor=2.001), None)


def test_rounded_layers_may_differ_by_what_rounding_does(tmp_path):
    model = described(Legacy(tmp_path, 2.001, RANGES), None)
    assert model.get_layer("d").kernels["kernel"].bits == 8
    with pytest.raises(ValueError, match="must have equal outputs"):
        described(Legacy(tmp_path, 2.5, RANGES), None)


def test_a_probe_of_the_user_is_what_is_compared(tmp_path):
    legacy = Legacy(tmp_path)
    legacy.predict = types.MethodType(lambda self, batch: [batch[0] * 0 + 14], legacy)
    assert described(legacy, np.array([[7.0]])).count_params() == 1
    assert described(legacy, batch=[np.array([[7.0]])]).count_params() == 1
