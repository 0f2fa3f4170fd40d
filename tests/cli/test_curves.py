import matplotlib.image
import numpy as np

from tfcompress.cli.curves import Curves, curves_of
from tfcompress.cli.figures import page

RESULT = {
    "name": "growth",
    "curves": ["seconds", "memory"],
    "figures": {
        "shrink": {
            "1 million": {"seconds": 0.5, "memory": 2.0},
            "16 million": {"seconds": 4.0, "memory": 1.5},
        },
        "pack": {"4 million": {"seconds": 9.0, "memory": 3.0}},
    },
}


def test_each_column_is_a_picture_with_a_line_for_each_table():
    seconds, memory = curves_of(RESULT)
    assert seconds == Curves(
        "seconds", "growth-0.png", {"shrink": [(1, 0.5), (16, 4)], "pack": [(4, 9)]}
    )
    assert (memory.title, memory.name) == ("memory", "growth-1.png")


def test_benchmarks_without_curves_have_none():
    assert curves_of({"name": "growth", "figures": {}}) == []


def test_picture_is_drawn(tmp_path):
    path = curves_of(RESULT)[0].draw(tmp_path)
    assert np.std(matplotlib.image.imread(path)) > 0.05


def test_page_shows_them():
    measured = {
        **RESULT,
        "description": "How it grows",
        "command": "tfcompress bench growth",
        "seed": 0,
        "date": "2026-01-02T03:04:05+00:00",
        "machine": {"cpu": "A CPU", "cores": 2},
        "versions": {},
    }
    assert "![seconds](results/growth-0.png)" in page([measured], "results")
