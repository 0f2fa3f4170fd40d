import pytest
import typer

from tfcompress.cli.errors import fail, one_line


@pytest.mark.parametrize("kind", [OSError, TypeError, ValueError])
def test_error_of_the_user_is_one_line_and_code_2(kind, capsys):
    with pytest.raises(typer.Exit) as raised, one_line():
        raise kind("first\n  second")

    assert raised.value.exit_code == 2
    assert capsys.readouterr().err == "Error: first second\n"


def test_error_of_the_program_is_not_hidden():
    with pytest.raises(ZeroDivisionError), one_line():
        _ = 1 / 0


def test_fail_ends_with_code_2():
    with pytest.raises(typer.Exit) as raised:
        fail("no such name")
    assert raised.value.exit_code == 2
