import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.export.comparison import allowed_error, compare, reference_outputs
from tfcompress.export.export_error import ExportError


def run(reference, outputs, allowed=0.1):
    return compare(
        {"y": np.asarray(reference, "float64")},
        {"y": np.asarray(outputs)},
        allowed,
        "quantize='int8'",
        "Use another.",
    )


def test_the_greatest_absolute_error_is_returned():
    assert run([3.0, 4.0], [3.0, 4.25]) == 0.25


def test_what_decides_is_the_relative_error():
    # The norms of the error and of the reference are 0.5 and 5.
    assert run([3.0, 4.0], [3.0, 4.5], allowed=0.1) == 0.5
    with pytest.raises(ExportError, match="by 0.1 of itself; `tolerance` allows 0.09"):
        run([3.0, 4.0], [3.0, 4.5], allowed=0.09)


def test_outputs_of_zeros_are_compared_as_they_are():
    assert run([0.0, 0.0], [0.0, 0.05]) == 0.05


@pytest.mark.parametrize(
    ("outputs", "match"),
    [
        ([np.nan, 4.0], "'y' is NaN or infinite"),
        ([3.0, np.inf], "'y' is NaN or infinite"),
        ([[3.0, 4.0]], r"'y' has shape \(1, 2\), not \(2,\)"),
        ([-3.0, -4.0], "'y' is off by 2 of itself"),
        ([0.0, 0.0], "'y' is off by 1 of itself"),
    ],
)
def test_garbage_is_refused_with_what_made_it_and_what_to_do(outputs, match):
    with pytest.raises(
        ExportError, match=f"made with quantize='int8' .*{match}.* Use another"
    ):
        run([3.0, 4.0], outputs)


def test_each_output_is_judged_on_its_own():
    reference = {"large": np.array([1e6]), "small": np.array([1.0])}
    outputs = {"large": np.array([1e6]), "small": np.array([3.0])}
    with pytest.raises(ExportError, match="'small' is off by 2"):
        compare(reference, outputs, 0.1, "this", "")


def test_reference_outputs_have_the_names_of_the_file(pair):
    outputs = reference_outputs(pair, np.array([[1.0, 2.0]]))
    assert outputs["output_0"].tolist() == [[3.0]]


@pytest.mark.parametrize(
    ("quantize", "allowed"),
    [(None, 0.001), ("float16", 0.02), ("int8", 0.25), ("int2", 0.5)],
)
def test_fewer_bits_may_be_further_off(pair, quantize, allowed):
    assert allowed_error(None, pair, quantize) == allowed


def test_half_precision_in_any_layer_is_allowed_for():
    model = keras.Sequential(
        [keras.Input((2,)), layers.Dense(1, dtype="mixed_bfloat16")]
    )
    assert allowed_error(None, model) == 0.1


def test_the_user_decides(pair):
    assert allowed_error(0.7, pair, "int8") == 0.7
    with pytest.raises(ValueError, match="`tolerance` must be a number"):
        allowed_error(-1, pair)
