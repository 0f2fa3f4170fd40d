import importlib

import numpy as np
import pytest

import tfcompress as tfc

# The package has a function of the same name.
module = importlib.import_module("tfcompress.measurement.report")


def test_files_and_latency_of_both_are_in_one_report(model, small, rng):
    x = rng.normal(size=(50, 64)).astype("float32")
    y = small.predict(x, verbose=0).argmax(-1)

    found = tfc.report(small, baseline=model, data=(x, y), files=True, latency=True)

    assert found.files[".tflite"].accuracy == found.accuracy == 1
    for one in found.files.forms:
        assert one.baseline_bytes > one.bytes > 0, one.form
    low, high = found.latency.interval
    assert low <= found.latency.ratio <= high
    text = str(found)
    assert "Files on disk" in text
    assert "Time of one call" in text
    assert max(map(len, text.splitlines())) <= 80
    assert "<h2>Latency</h2>" in found.to_html()


def test_file_is_as_it_was_asked_for_and_the_baseline_float32(model):
    found = tfc.report(
        model, baseline=model, latency=True, tflite={"quantize": "dynamic"}
    )
    assert found.files is None
    assert found.latency.ratio is not None


def test_without_files_nothing_is_written(model, monkeypatch):
    monkeypatch.setattr(module, "write", None)  # calling it fails
    assert tfc.report(model).files is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tflite": {"quantize": "int8"}}, "`tflite` must be None without `files`"),
        ({"files": True, "tflite": "int8"}, "`tflite` must be a mapping"),
        ({"files": 1}, "`files` must be True or False"),
        ({"latency": None}, "`latency` must be True or False"),
    ],
)
def test_options_that_mean_nothing_are_refused(model, options, message):
    with pytest.raises((TypeError, ValueError), match=message):
        tfc.report(model, **options)


def test_data_of_the_report_are_checked_as_before(model):
    with pytest.raises(ValueError, match="one label for each of the 3 examples"):
        tfc.report(model, data=(np.ones((3, 64)), [0]), files=True)
