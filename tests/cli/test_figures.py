import io

from rich.console import Console

from tfcompress.cli.figures import page, pictures, tables
from tfcompress.cli.scatter import Point


def text(figures):
    console = Console(file=io.StringIO(), width=80)
    for table in tables(figures, "name"):
        console.print(table)
    return console.file.getvalue()


def test_numbers_are_a_table_of_names_and_values():
    shown = text({"seconds": 1.23456, "count": 3})
    assert "1.235" in shown
    assert "count" in shown


def test_groups_of_numbers_are_rows_with_columns():
    (table,) = tables({"Dense": {"ms": 2.0}, "Hashed": {"ms": 3.0, "ratio": 1.5}})
    assert [column.header for column in table.columns] == ["", "ms", "ratio"]
    assert table.row_count == 2


def test_deeper_groups_are_tables_of_their_own():
    figures = {"batch 50": {"Dense": {"ms": 2.0}}, "batch 256": {"Dense": {"ms": 3.0}}}
    titles = [table.title for table in tables(figures, "step")]
    assert titles == ["step, batch 50", "step, batch 256"]


def test_numbers_beside_deeper_groups_have_their_own_table():
    figures = {"step": {"Dense": {"ms": 2.0}}, "bytes": {"Dense": 8, "Hashed": 1}}
    step, sizes = tables(figures)
    assert (step.title, step.row_count) == ("step", 1)
    assert (sizes.title, sizes.row_count, len(sizes.columns)) == ("bytes", 2, 2)


def test_page_says_how_each_figure_was_made():
    result = {
        "name": "speed",
        "description": "How fast",
        "command": "tfcompress bench speed",
        "seed": 3,
        "date": "2026-01-02T03:04:05+00:00",
        "machine": {"cpu": "A CPU", "cores": 2},
        "versions": {"keras": "3.15.1"},
        "figures": {"batch 50": {"Dense": {"ms": 1.5, "count": 12345}}},
    }
    text = page([result], "results")
    assert (
        "## speed\n\nHow fast.\n\n`tfcompress bench speed` (seed 3), 2026-01-02" in text
    )
    assert "2 cores of A CPU, keras 3.15.1.\n" in text
    assert (
        "| batch 50 | ms | count |\n| --- | ---: | ---: |\n| Dense | 1.5 | 12,345 |"
        in text
    )


def test_a_table_is_pictured_where_it_has_the_columns_that_were_asked_for():
    result = {
        "name": "peers",
        "plot": ["bytes", "right"],
        "figures": {
            "machine": {"a": {"ms": 1.0}},
            "task": {
                "theirs": {"bytes": 10, "right": 98.0},
                "ours: two bits": {"bytes": 5, "right": 97.0},
            },
        },
    }
    assert list(pictures({**result, "plot": None})) == []
    [picture] = pictures(result)
    assert (picture.title, picture.name) == ("task", "peers-0.png")
    assert picture.points == [
        Point("theirs", 10, 0.98, "gray"),
        Point("ours: two bits", 5, 0.97),
    ]


def test_rows_that_are_timed_have_a_picture_of_their_own():
    rows = {
        "float32": {"bytes": 10, "accuracy": 98.0, "times faster": 1.0},
        "ours: archive": {"bytes": 1, "accuracy": 97.0},
    }
    result = {"name": "peers", "plot": ["bytes", "accuracy"], "figures": {"task": rows}}
    _, picture = pictures(result)
    assert (picture.name, picture.speed) == ("peers-0-speed.png", True)
    assert picture.points == [Point("float32", 1.0, 0.98, "gray")]
