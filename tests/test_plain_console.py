from tfcompress.plain_console import drawn, plain_console


def test_what_is_drawn_has_no_colours_and_no_blanks_at_its_ends():
    console = plain_console()
    console.print("[bold red]one[/]   ")
    console.print("two")

    assert drawn(console) == "one\ntwo"
