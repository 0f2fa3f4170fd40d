import pytest
import typer
from typer.testing import CliRunner

from tfcompress.cli.main import app

COMMANDS = typer.main.get_command(app).commands


def test_help_names_every_command():
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for command in COMMANDS:
        assert f" {command} " in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_has_an_example_of_it(name):
    assert f"Example: `tfcompress {name}" in COMMANDS[name].help


def test_unknown_command_ends_with_code_2():
    assert CliRunner().invoke(app, ["compres"]).exit_code == 2


def test_shell_completes_commands():
    asked = {
        "_TFCOMPRESS_COMPLETE": "complete_bash",
        "COMP_WORDS": "tfcompress sh",
        "COMP_CWORD": "1",
    }
    result = CliRunner().invoke(app, [], env=asked, prog_name="tfcompress")
    assert result.stdout.split() == ["shrink"]
