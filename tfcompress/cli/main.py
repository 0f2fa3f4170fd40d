"""The command `tfcompress`: what can be done without writing a program."""

import typer

from tfcompress.cli.bench import bench
from tfcompress.cli.convert import convert
from tfcompress.cli.demo.command import demo
from tfcompress.cli.distill import distill
from tfcompress.cli.export import export
from tfcompress.cli.pack import pack
from tfcompress.cli.prune import prune
from tfcompress.cli.report import report
from tfcompress.cli.shrink import shrink
from tfcompress.cli.tune import tune
from tfcompress.cli.unpack import unpack

app = typer.Typer(
    name="tfcompress",
    help="Smaller and faster neural networks, in the habits that Keras users have.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# In the order of the help. A command is a function in a file of its own; what it needs
# is imported when it runs.
for command in (
    demo,
    report,
    convert,
    prune,
    distill,
    shrink,
    export,
    tune,
    pack,
    unpack,
    bench,
):
    app.command()(command)
