import dataclasses
import pathlib

import numpy as np
import pytest

from tfcompress.export import conversion, converter
from tfcompress.export.conversion import Conversion
from tfcompress.export.export_error import ExportError
from tfcompress.export.serving import expanded, serving_function, write_saved_model
from tfcompress.export.signature import Signature


@pytest.fixture
def prepared(mlp, tmp_path, rng):
    kernel = mlp.layers[0].kernel
    kernel.assign(kernel.numpy() * (rng.random(kernel.shape) < 0.1))
    function = serving_function(mlp, Signature.of(mlp), weights=expanded)
    write_saved_model(function, tmp_path / "saved_model")
    x = rng.random((4, 32), "float32")
    return Conversion(
        tmp_path,
        source=tmp_path / "saved_model",
        quantize=None,
        samples=None,
        batch_size=None,
        loops=False,
        batch={"x": x},
        reference={"output_0": mlp(x).numpy().astype("float64")},
        allowed=1e-3,
    )


def test_left_to_itself_it_takes_the_smaller_file(prepared):
    plain, sparse = prepared.run(sparse=False), prepared.run(sparse=True)
    assert sparse.bytes < plain.bytes
    assert prepared.run(sparse=None) == sparse


def test_left_to_itself_it_falls_back_on_a_file_that_works(prepared, monkeypatch):
    convert = conversion.convert

    def faulty(source, path, *, sparse, **options):
        convert(source, path, **options)
        if sparse:
            pathlib.Path(path).write_bytes(b"")

    monkeypatch.setattr(conversion, "convert", faulty)
    assert not prepared.run(sparse=None).sparse
    with pytest.raises(ExportError, match=r"sparse=True could .* Use sparse=False"):
        prepared.run(sparse=True)


def test_a_large_model_is_converted_where_a_crash_can_be_told(
    prepared, monkeypatch, tmp_path
):
    whole = prepared.run(sparse=False).path.read_bytes()
    monkeypatch.setattr(conversion, "LARGE", 0)
    monkeypatch.setattr(conversion, "convert", None)  # not in this process
    assert prepared.run(sparse=False).path.read_bytes() == whole

    (tmp_path / "program.py").write_text("import os; os.abort()")
    monkeypatch.setattr(converter, "__file__", str(tmp_path / "program.py"))
    message = r"crashed \(killed by signal 6\) at 0 MB of weights, .* more of it"
    with pytest.raises(ExportError, match=message):
        prepared.run(sparse=False)


def test_zeros_that_eight_bits_store_are_told(prepared):
    prepared = dataclasses.replace(prepared, quantize="dynamic", allowed=0.1)
    (note,) = prepared.run(sparse=None).notes
    assert "zeros are stored" in note
    assert prepared.run(sparse=False).notes == ()  # the user has said so


def test_the_error_is_that_of_the_file(prepared):
    assert 0 <= prepared.run(sparse=False).max_error < 1e-5
    prepared.reference["output_0"][0, 0] += np.float64(1e-4)
    assert 0.9e-4 < prepared.run(sparse=False).max_error < 1.1e-4
