import pytest

from tfcompress.cli.filled import filled

RESULTS = {
    "peers": {
        "figures": {
            "LeNet": {
                "float32": {"bytes": 1000000, "times smaller": 1.0},
                "ours: two bits": {"bytes": 75280, "times smaller": 14.2, "note": "x"},
            }
        }
    }
}
PAGE = """# A page

<!-- results: peers / LeNet | bytes, times smaller as smaller | ours: two bits as ours -->
what was here before
<!-- end -->

The end.
"""


def test_only_blocks_are_written():
    assert filled("nothing asked", RESULTS) == "nothing asked"
    made = filled(PAGE, RESULTS)
    assert made.splitlines()[3:6] == [
        "|  | bytes | smaller |",
        "| --- | ---: | ---: |",
        "| ours | 75,280 | 14.2 |",
    ]
    assert made.startswith("# A page\n\n<!-- results: peers")
    assert made.endswith("<!-- end -->\n\nThe end.\n")
    assert filled(made, RESULTS) == made


def test_all_rows_where_none_are_named():
    block = "<!-- results: peers / LeNet | note -->\n<!-- end -->"
    rows = filled(block, RESULTS).splitlines()[3:-1]
    assert rows == ["| float32 |  |", "| ours: two bits | x |"]


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ("pears / LeNet | bytes", "'LeNet'"),
        ("peers / VGG | bytes", r"'VGG' in the results\. There: \['LeNet'\]"),
        ("peers / LeNet | bytes | theirs", "'theirs'"),
    ],
)
def test_what_is_not_there_is_named(query, missing):
    with pytest.raises(ValueError, match=missing):
        filled(f"<!-- results: {query} -->\n<!-- end -->", RESULTS)
