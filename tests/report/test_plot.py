import matplotlib.image
import numpy as np
import pytest

from tfcompress.report.layer_report import LayerReport
from tfcompress.report.plot import lines, svg
from tfcompress.report.report import Report


@pytest.fixture
def picture(tmp_path):
    rows = (LayerReport("a", "Dense", 100, 100, stored_bits=3200, macs=100),)
    report = Report("after", rows, baseline=Report("before", rows))
    return report.plot(tmp_path / "report.png")


def test_image_has_something_in_it(picture):
    assert np.std(matplotlib.image.imread(picture)) > 0.05


def test_unknown_format_leaves_no_file(tmp_path):
    with pytest.raises(ValueError, match="`path` must end in one of .*png"):
        Report("empty", ()).plot(tmp_path / "report.nonsense")
    assert not list(tmp_path.iterdir())


def test_same_report_is_the_same_svg():
    drawn = [svg(lines([0, 1], {"a": [0.0, 1.0]}, across="noise")) for _ in range(2)]
    assert b"noise" in drawn[0] or b"<path" in drawn[0]
    assert b"dc:date" not in drawn[0]
