import typer

from tfcompress.cli.main import app

COMMANDS = typer.main.get_command(app).commands


def test_every_command_speaks_to_machines():
    for name, command in COMMANDS.items():
        assert "--json" in [flag for one in command.params for flag in one.opts], name
