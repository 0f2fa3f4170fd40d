import numpy as np
import pytest

from tfcompress.runtime.tensor import Tensor


def tensor(dtype="float32", **options):
    return Tensor("x", 0, (None, 2), np.dtype(dtype), **options)


def test_numbers_are_cast_to_what_the_file_holds():
    encoded = tensor().encode([[1, 2]])
    assert encoded.dtype == np.float32
    np.testing.assert_array_equal(encoded, [[1, 2]])


def test_quantizing_rounds_shifts_and_clips():
    quantized = tensor("int8", scale=0.5, zero_point=10)
    np.testing.assert_array_equal(quantized.encode([[1.2, -100.0]]), [[12, -128]])


def test_decode_undoes_encode():
    quantized = tensor("uint8", scale=0.25, zero_point=128)
    x = np.array([[-1.5, 2.25]])
    np.testing.assert_array_equal(quantized.decode(quantized.encode(x)), x)


def test_integers_of_the_quantized_type_pass_as_they_are():
    quantized = tensor("uint8", scale=0.25, zero_point=128)
    x = np.array([[0, 255]], "uint8")
    np.testing.assert_array_equal(quantized.encode(x), x)


def test_whole_numbers_become_integers():
    np.testing.assert_array_equal(tensor("int32").encode([[1.0, 2.0]]), [[1, 2]])


def test_free_and_fixed_sizes_are_told_apart():
    details = {
        "index": 3,
        "shape_signature": np.array([-1, 5]),
        "dtype": np.int8,
        "quantization": (0.5, 1),
    }
    expected = Tensor("x", 3, (None, 5), np.dtype("int8"), 0.5, 1)
    assert Tensor.of("x", details) == expected


@pytest.mark.parametrize(
    ("end", "array", "match"),
    [
        (tensor(), np.ones((1, 3)), r"have shape \(None, 2\) for the input 'x'"),
        (tensor("int32"), [[0.5, 1]], "hold whole numbers of int32 for the input 'x'"),
        (tensor("int32"), [["a", "b"]], "hold whole numbers of int32"),
        (tensor("uint8"), [[1, 300]], "hold whole numbers of uint8"),
        (tensor("int8", scale=1.0), [[np.nan, 1]], "hold finite numbers"),
        (tensor("int8", scale=1.0), [[np.inf, 1]], "hold finite numbers"),
    ],
)
def test_what_has_no_such_form_is_refused(end, array, match):
    with pytest.raises(ValueError, match=match):
        end.encode(array)
