from tfcompress.report.layer_report import LayerReport


def test_sparsity_is_the_share_of_zeros():
    row = LayerReport("dense", "Dense", 8, nonzero=2, stored_bits=256, macs=8)
    assert row.sparsity == 0.75


def test_a_layer_without_numbers_has_no_zeros():
    assert LayerReport("dot", "Dot", 0, nonzero=0, stored_bits=0, macs=4).sparsity == 0


def test_bits_are_rounded_up_to_bytes():
    assert (
        LayerReport("b", "BinaryDense", 9, nonzero=9, stored_bits=9, macs=9).bytes == 2
    )
