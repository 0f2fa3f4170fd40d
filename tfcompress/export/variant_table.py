"""The variants of a file as a table: of at most 80 columns, or in Markdown."""

from tfcompress.plain_console import drawn, plain_console

HEAD = ("Variant", "Bytes", "Smaller", "us", "Faster", "Error", "Accuracy")


def rich_table(choice):
    """Returns the table of a choice for `rich` to print."""
    import rich.box
    import rich.table

    table = rich.table.Table(
        title=title(choice),
        caption="\n".join(faults(choice)) or None,
        caption_justify="left",
        box=rich.box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    table.add_column(HEAD[0])  # folded where there is no room: no number is cut
    for name in HEAD[1:]:
        table.add_column(name, justify="right", no_wrap=True)
    for variant, row in zip(choice.variants, cells(choice), strict=True):
        chosen = variant == choice.chosen
        table.add_row(*row, style="bold" if chosen else "dim" if variant.fault else "")
    return table


def text(choice) -> str:
    """Returns the table as plain text."""
    console = plain_console()
    table = rich_table(choice)
    table.caption = None
    console.print(table)
    for line in faults(choice):
        console.print(line, markup=False, highlight=False)
    return drawn(console).rstrip()


def markdown(choice) -> str:
    """Returns the table in Markdown."""
    rule = ["---", *["---:"] * (len(HEAD) - 1)]
    lines = [HEAD, rule, *cells(choice)]
    table = ["| " + " | ".join(line) + " |" for line in lines]
    reasons = [f"- {line}" for line in faults(choice)]
    return "\n".join([title(choice), "", *table, "", *reasons, ""])


def title(choice) -> str:
    """Returns what was chosen, in one line."""
    return f"{choice.path.name}: {choice.goal} is {choice.chosen.name} (*)"


def cells(choice) -> list[list[str]]:
    """Returns a row of strings for each variant, the chosen one with a star."""
    first = choice.variants[0]
    return [
        [
            variant.name + " *" * (variant == choice.chosen),
            _form(variant.bytes, ","),
            _times(first.bytes, variant.bytes),
            _form(variant.microseconds, ",.0f" if _long(variant) else ",.1f"),
            _times(first.microseconds, variant.microseconds),
            _form(variant.max_error, ".2g"),
            _form(variant.accuracy, ".2%"),
        ]
        for variant in choice.variants
    ]


def faults(choice) -> list[str]:
    """Returns what must be said under the table."""
    lines = [f"{v.name}: {v.fault}" for v in choice.variants if v.fault]
    if choice.model_accuracy is not None:
        lines.insert(0, f"Accuracy of the Keras model: {choice.model_accuracy:.2%}.")
    return lines


def _long(variant) -> bool:
    return (variant.microseconds or 0) >= 1e4


def _form(number, form):
    return "-" if number is None else format(number, form)


def _times(before, after):
    if not before or not after:
        return "-"
    times = before / after
    return f"{times:.2f}x" if times >= 0.1 else f"{times:.2g}x"
