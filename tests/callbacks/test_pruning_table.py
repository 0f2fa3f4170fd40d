from tfcompress.callbacks.prune_channels import PruneChannels
from tfcompress.callbacks.pruning_table import print_table

ROWS = {
    "a/kernel": {"size": 1000, "kept": 100, "sparsity": 0.9},
    "b/kernel": {"size": 200, "kept": 100, "sparsity": 0.5},
}


def cells(text):
    return [line.split() for line in text.splitlines() if "%" in line]


def test_each_weight_has_a_line_and_all_together_one(capsys):
    print_table(ROWS)

    assert cells(capsys.readouterr().out) == [
        ["a/kernel", "1,000", "100", "90.0%"],
        ["b/kernel", "200", "100", "50.0%"],
        ["Total", "1,200", "200", "83.3%"],
    ]


def test_remarks_have_a_column_if_there_are_any(capsys):
    rows = {**ROWS, "b/kernel": {**ROWS["b/kernel"], "remark": "only smaller"}}

    print_table(ROWS)
    print_table(rows)

    print_table({name: {**row, "remark": ""} for name, row in ROWS.items()})

    plain, remarked, without = capsys.readouterr().out.split("Weight")[1:]
    assert "only smaller" in remarked
    assert "LiteRT" in remarked
    assert "LiteRT" not in plain + without


def test_channels_that_layers_share_have_a_table_of_their_own(capsys):
    rows = {"stem": {"size": 8, "kept": 2, "sparsity": 0.75, "remark": "outer"}}

    print_table(rows, **PruneChannels.titles)

    head, row = [
        line
        for line in capsys.readouterr().out.splitlines()
        if "S" in line or "outer" in line
    ]
    assert head.split() == ["Channels", "Size", "Kept", "Sparsity", "Shared", "with"]
    assert row.split() == ["stem", "8", "2", "75.0%", "outer"]


def test_a_notebook_has_the_table_as_text(capsys, in_notebook):
    print_table(ROWS)

    assert "a/kernel" in capsys.readouterr().out
