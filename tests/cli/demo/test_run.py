import pytest

from tfcompress.cli.demo.recipes import float32, int8
from tfcompress.cli.demo.run import run
from tfcompress.runtime.tflite_model import TFLiteModel


def broken(baseline, data, settings):
    """Breaks."""
    raise ValueError("no\n  luck")


@pytest.fixture(scope="module")
def steps():
    return []


@pytest.fixture(scope="module")
def rows(data, tiny, tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("demo")
    recipes = {"base": float32, "broken": broken, "int 8!": int8}
    found = run(data, folder, tiny, recipes, on_step=steps.append)
    return {row.method: row for row in found}, folder


def test_accuracy_and_bytes_are_those_of_the_file(rows, data):
    rows, folder = rows
    for row in (rows["base"], rows["int 8!"]):
        file = TFLiteModel(folder / row.file)
        assert file.evaluate(data.x_test, data.y_test) == row.accuracy
        assert file.bytes == row.bytes
    assert rows["int 8!"].file == "int_8.tflite"


def test_others_are_compared_with_the_first(rows):
    rows, _ = rows
    assert (rows["base"].smaller, rows["base"].latency) == (1, 1)
    assert rows["int 8!"].smaller == rows["base"].bytes / rows["int 8!"].bytes > 2
    assert rows["int 8!"].latency > 0


def test_method_that_fails_keeps_its_row_with_the_reason(rows):
    rows, _ = rows
    assert list(rows) == ["base", "broken", "int 8!"]
    assert rows["broken"].failure == "ValueError: no luck"
    assert rows["broken"].file is None


def test_each_step_is_announced(rows, steps):
    assert steps == ["training the baseline", "base", "broken", "int 8!", "timing"]


def test_baseline_that_fails_ends_the_demo(data, tiny, tmp_path):
    with pytest.raises(ValueError, match="luck"):
        run(data, tmp_path, tiny, {"broken": broken})
