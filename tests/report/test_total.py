from tfcompress.report.layer_report import LayerReport
from tfcompress.report.total import Total


def row(name, macs):
    return LayerReport(name, "Dense", 10, nonzero=4, stored_bits=320, macs=macs)


def test_sums_all_rows():
    total = Total.of([row("a", 10), row("b", 5)])
    assert total == Total(parameters=20, nonzero=8, stored_bits=640, macs=15)
    assert total.sparsity == 0.6
    assert total.bytes == 80


def test_names_the_layers_whose_macs_are_not_known():
    total = Total.of([row("a", 10), row("b", None)])
    assert total.macs == 10
    assert total.unknown == ("b",)


def test_times_smaller_is_before_over_after():
    before = Total(parameters=100, nonzero=100, stored_bits=3200, macs=50)
    after = Total(parameters=50, nonzero=10, stored_bits=400, macs=200)
    assert after.times_smaller(before) == {
        "parameters": 2.0,
        "stored_bits": 8.0,
        "macs": 0.25,
    }


def test_times_smaller_makes_no_guess():
    before = Total(parameters=9, nonzero=9, stored_bits=9, macs=9, unknown=("a",))
    after = Total(parameters=0, nonzero=0, stored_bits=3, macs=3)
    assert after.times_smaller(before) == {
        "parameters": None,
        "stored_bits": 3.0,
        "macs": None,
    }
