import json

from tfcompress.cli.model_file import load_model
from tfcompress.cli.outcome import show


def test_text_is_the_report_and_the_file(files, capsys):
    model = load_model(files / "model.keras")
    student = load_model(files / "student.keras")
    show(student, "new.keras", 1234, baseline=model)
    output = capsys.readouterr().out
    assert "Against the baseline: " in output
    assert output.endswith("new.keras: 1,234 bytes\n")


def test_json_has_both(files, capsys):
    model = load_model(files / "model.keras")
    show(model, "new.keras", 1234, baseline=model, as_json=True)
    content = json.loads(capsys.readouterr().out)
    assert (content["path"], content["bytes"]) == ("new.keras", 1234)
    assert content["report"]["times_smaller"]["parameters"] == 1
