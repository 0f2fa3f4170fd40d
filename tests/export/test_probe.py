import numpy as np
import pytest

from tfcompress.export.probe import probe_batch
from tfcompress.export.signature import Signature

SIGNATURE = Signature(
    ["x", "i"], {"x": (None, 3), "i": (None, 2)}, {"x": "float32", "i": "int32"}
)


def test_generated_numbers_are_the_same_every_time_and_between_0_and_1():
    batch = probe_batch(SIGNATURE, None)
    assert batch["x"].shape == (16, 3)
    assert 0 <= batch["x"].min() < batch["x"].max() < 1
    np.testing.assert_array_equal(batch["x"], probe_batch(SIGNATURE, None)["x"])


def test_whole_numbers_are_generated_for_inputs_of_them():
    batch = probe_batch(SIGNATURE, None)
    assert batch["i"].dtype == np.int32
    assert set(batch["i"].flat) == {0, 1}


def test_representative_data_lends_its_head():
    data = {"x": np.arange(60.0).reshape(20, 3), "i": np.zeros((20, 2), "int32")}
    np.testing.assert_array_equal(
        probe_batch(SIGNATURE, None, data)["x"], data["x"][:16]
    )


def test_the_users_own_comes_first():
    own = [np.ones((1, 3)), np.ones((1, 2))]
    data = {"x": np.zeros((20, 3)), "i": np.zeros((20, 2), "int32")}
    assert probe_batch(SIGNATURE, own, data)["x"].tolist() == [[1, 1, 1]]


def test_free_sizes_need_the_users_own():
    signature = Signature("x", {"x": (None, None)}, {"x": "float32"})
    with pytest.raises(ValueError, match="`probe` must be given for inputs with free"):
        probe_batch(signature, None)
