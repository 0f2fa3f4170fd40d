import json
import pickle

import numpy as np
import pytest

from tfcompress.export.preparation import Preparation
from tfcompress.export.variant_worker import MARK, READY, REQUEST, attempt, main


@pytest.fixture
def conversion(mlp, tmp_path, rng):
    """Returns the conversion of a network with zeros, in a format."""
    first = mlp.layers[0].kernel
    first.assign(first.numpy() * (rng.random(first.shape) < 0.1))
    options = {
        "representative_data": rng.random((20, 32), "float32"),
        "probe": None,
        "batch_size": None,
        "tolerance": None,
        "accuracy_data": None,
        "max_accuracy_drop": 0.0,
        "metadata": None,
    }
    preparation = Preparation.of(mlp, **options)
    return lambda quantize: preparation.conversion(tmp_path, quantize)


def test_an_attempt_makes_and_measures_a_file(conversion):
    found = attempt(conversion(None), sparse=False)
    assert found["bytes"] > 4 * (32 * 64 + 64 * 16)
    assert 0 <= found["max_error"] < 1e-5
    assert found["accuracy"] is None


def test_zeros_are_left_out_of_a_file_that_is_made(conversion):
    one = conversion(None)
    assert attempt(one, sparse=True) is None  # the file with zeros is not there
    plain = attempt(one, sparse=False)
    assert attempt(one, sparse=True)["bytes"] < plain["bytes"]


def test_what_is_known_to_fail_is_not_tried(conversion):
    one = conversion("int8")
    attempt(one, sparse=False)
    assert "LiteRT does not load it" in attempt(one, sparse=True)["fault"]
    assert not (one.folder / "sparse.tflite").exists()
    one = conversion("dynamic")
    attempt(one, sparse=False)
    assert attempt(one, sparse=True) is None


def test_a_wrong_file_has_a_fault(conversion):
    one = conversion(None)
    one.reference["output_0"] += np.float64(1)
    assert "is not what the model is" in attempt(one, sparse=False)["fault"]


def test_each_outcome_is_a_line(conversion, tmp_path, capsys):
    steps = [(conversion(None), False), (conversion("float16"), False)]
    (tmp_path / REQUEST).write_bytes(pickle.dumps(steps))
    main(tmp_path)
    lines = [x for x in capsys.readouterr().out.splitlines() if x.startswith(MARK)]
    said = [json.loads(line.removeprefix(MARK)) for line in lines]
    assert said[0] == READY
    assert said[1]["bytes"] > said[2]["bytes"]
