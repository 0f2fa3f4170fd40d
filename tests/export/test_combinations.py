import pytest

from tfcompress.export.combinations import (
    INSTEAD,
    refuse_operations,
    refuse_settings,
    sparse_fault,
)
from tfcompress.export.comparison import TOLERANCES
from tfcompress.export.constants import Zeros
from tfcompress.export.export_error import ExportError

SCATTERED = Zeros(dense=True, share=0.9, blocks={4: 0.7, 16: 0.2})
FOURS = Zeros(dense=True, share=0.9, blocks={4: 1, 16: 0.7})
SIXTEENS = Zeros(dense=True, share=0.9, blocks={4: 1, 16: 1})
CONVOLUTION = Zeros(dense=False, share=0.9, blocks={4: 1, 16: 0.7})
FULL = Zeros(dense=True, share=0.1, blocks={4: 0, 16: 0})


def test_every_format_has_its_remedy():
    assert INSTEAD.keys() == TOLERANCES.keys()


@pytest.mark.parametrize(
    ("quantize", "weights"),
    [
        (None, [SCATTERED, FOURS, SIXTEENS, CONVOLUTION, FULL]),
        ("float16", [SCATTERED, CONVOLUTION, FULL]),
        ("int8", [SIXTEENS, CONVOLUTION, FULL]),
    ],
)
def test_sound_combinations_have_no_fault(quantize, weights):
    assert sparse_fault(quantize, weights) == ""


@pytest.mark.parametrize(
    ("quantize", "weights", "fault"),
    [
        ("float16", [SCATTERED, FOURS], "LiteRT gives NaN"),
        ("float16", [SIXTEENS], "LiteRT gives NaN"),
        ("int8", [SIXTEENS, SCATTERED], "LiteRT does not load it"),
        ("int8", [FOURS], "LiteRT does not load it"),
        (None, [FULL], "more than 30% zeros"),
        (
            None,
            [Zeros(dense=True, share=1, blocks={4: 1, 16: 1})],
            "more than 30% zeros",
        ),
        (None, [], "more than 30% zeros"),
    ],
)
def test_unsound_combinations_say_why(quantize, weights, fault):
    assert fault in sparse_fault(quantize, weights)


@pytest.mark.parametrize("quantize", ["dynamic", "int4", "int2"])
def test_some_formats_never_go_with_sparse(quantize):
    refuse_settings(quantize, None)
    with pytest.raises(
        ValueError, match=f"`sparse` must not be True with quantize='{quantize}'"
    ):
        refuse_settings(quantize, True)


def test_few_bits_do_not_go_with_convolutions():
    refuse_operations("int8", {"Conv2D"})
    refuse_operations("int2", {"MatMul"})
    with pytest.raises(
        ExportError, match=r"convolutions \(TensorFlow's Conv2D, Conv3D\)"
    ):
        refuse_operations("int2", {"Conv3D", "Conv2D"})


def test_state_does_not_go_into_a_file():
    with pytest.raises(ExportError, match="changes a variable when it is called"):
        refuse_operations(None, {"AssignVariableOp"})
