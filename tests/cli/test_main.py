from typer.testing import CliRunner

from tfcompress.cli.main import app


def test_help_names_every_command():
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for command in ("demo", "report", "pack", "unpack", "bench"):
        assert f" {command} " in result.output


def test_unknown_command_ends_with_code_2():
    assert CliRunner().invoke(app, ["compres"]).exit_code == 2
