"""The command `tfcompress`: what can be done without writing a program."""

import typer

from tfcompress.cli.bench import bench
from tfcompress.cli.demo.command import demo
from tfcompress.cli.pack import pack
from tfcompress.cli.report import report
from tfcompress.cli.unpack import unpack

app = typer.Typer(
    name="tfcompress",
    help="Smaller and faster neural networks, in the habits that Keras users have.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo)
app.command()(report)
app.command()(pack)
app.command()(unpack)
app.command()(bench)
