import pathlib

from tfcompress.export.pack_result import PackedTensor, PackResult

RESULT = PackResult(
    path=pathlib.Path("a.tfc"),
    bytes=500,
    max_error=0.0,
    keras_bytes=20_000,
    tensors=(
        PackedTensor(
            "layers/dense/vars/0", "fc1/kernel", (784, 300), "gaps", 400, 390.4, 0.0
        ),
        PackedTensor(
            "layers/dense/vars/1", "fc1/bias", (300,), "byte planes", 60, 60.0, 0.25
        ),
    ),
)


def test_it_says_how_much_smaller_the_file_is():
    assert RESULT.times_smaller == 40
    assert str(RESULT) == "a.tfc: 500 bytes, 40.0 times smaller than .keras; bit-equal"


def test_the_bound_is_that_of_all_weights():
    assert RESULT.entropy_bound == 450.4


def test_table_has_a_line_for_each_weight():
    assert RESULT.table().splitlines() == [
        "weight      form         bytes  bound  error",
        "fc1/kernel  gaps           400    390      0",
        "fc1/bias    byte planes     60     60   0.25",
    ]
