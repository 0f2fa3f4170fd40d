import json

import pytest
from typer.testing import CliRunner

from tfcompress.cli.demo import recipes
from tfcompress.cli.demo.settings import Settings
from tfcompress.cli.main import app


def broken(baseline, data, settings):
    """Breaks."""
    raise ValueError("no luck [at all]")


@pytest.fixture
def demo(monkeypatch, tiny, tmp_path):
    """Runs the command at a tiny size, with these recipes."""

    def run(*arguments, **chosen):
        monkeypatch.setattr(recipes, "RECIPES", {"base": recipes.float32, **chosen})
        monkeypatch.setattr(Settings, "for_data", lambda *args, **kwargs: tiny)
        monkeypatch.chdir(tmp_path)
        return CliRunner().invoke(app, ["demo", *arguments])

    return run


def test_table_is_printed_and_everything_is_in_the_folder(demo, tmp_path):
    result = demo("--out", "out", int8=recipes.int8)

    assert result.exit_code == 0
    assert "int8" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {
        *(
            "base.tflite",
            "int8.tflite",
            "table.json",
            "table.md",
            "plot.png",
            "log.txt",
        ),
    }
    record = json.loads((tmp_path / "out" / "table.json").read_text())
    assert [row["method"] for row in record["rows"]] == ["base", "int8"]
    assert record["machine"]["cores"]
    assert record["settings"]["width"] == 64


def test_method_that_fails_is_shown_with_its_reason_and_code_1(demo):
    result = demo(broken=broken)

    assert result.exit_code == 1
    assert "broken" in result.stdout
    assert "ValueError: no luck [at all]" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "cifar"], "`name` must be one of 'digits'"),
        (["--out", "taken/out"], "taken"),
    ],
)
def test_bad_input_is_one_line_and_code_2(demo, tmp_path, arguments, message):
    (tmp_path / "taken").write_text("")
    result = demo(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
