from tfcompress.report.grid import Grid


def test_narrow_leaves_out_the_spare_column_alone():
    wide = Grid(["a", "b", "c"], [["1", "2", "3"]], "t", ["x", "", "z"], 2, spare=1)
    assert wide.narrow() == Grid(["a", "c"], [["1", "3"]], "t", ["x", "z"], words=1)


def test_without_a_spare_column_nothing_is_left_out():
    grid = Grid(["a"], [["1"]])
    assert grid.narrow() is grid
