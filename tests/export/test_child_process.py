import pytest

from tfcompress.export import converter
from tfcompress.export.child_process import ConverterCrash, convert_in_child
from tfcompress.export.converter import convert
from tfcompress.export.serving import expanded, serving_function, write_saved_model
from tfcompress.export.signature import Signature


def test_a_child_writes_the_same_file(mlp, tmp_path, rng):
    function = serving_function(mlp, Signature.of(mlp), weights=expanded)
    write_saved_model(function, tmp_path / "saved")
    options = {"quantize": "int8", "samples": {"x": rng.random((5, 32), "float32")}}
    convert(tmp_path / "saved", tmp_path / "ours.tflite", **options)
    convert_in_child(
        tmp_path, tmp_path / "saved", tmp_path / "childs.tflite", **options
    )
    ours, childs = (tmp_path / f"{name}.tflite" for name in ("ours", "childs"))
    assert ours.read_bytes() == childs.read_bytes()


@pytest.mark.parametrize(
    ("program", "kind", "match"),
    [
        ("import os; os.abort()", ConverterCrash, "killed by signal 6"),
        ("raise KeyError('why')", RuntimeError, "KeyError: 'why'"),
    ],
)
def test_how_a_child_ended_is_told(tmp_path, monkeypatch, program, kind, match):
    (tmp_path / "program.py").write_text(program)
    monkeypatch.setattr(converter, "__file__", str(tmp_path / "program.py"))
    with pytest.raises(kind, match=match):
        convert_in_child(tmp_path, "saved", "m.tflite", samples={})
