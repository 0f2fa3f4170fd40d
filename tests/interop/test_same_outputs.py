import types

import keras
import numpy as np
import pytest

from tfcompress.interop.same_outputs import greatest_error

BATCH = [np.array([[3.0], [-500.0]], "float32")]
MODEL = keras.Sequential([keras.Input((1,)), keras.layers.ReLU()], name="ours")


def legacy(*rows):
    """A legacy model that puts out `rows`."""
    outputs = [np.array([[row] for row in rows], "float32")]
    return types.SimpleNamespace(predict=lambda batch: outputs)


def test_the_greatest_difference_is_told():
    assert greatest_error(MODEL, legacy(3, 0), BATCH) == 0
    error = greatest_error(MODEL, legacy(3.000025, 0), BATCH)
    assert error == pytest.approx(2.5e-5, rel=0.02)  # of outputs up to 3


@pytest.mark.parametrize("rows", [(3.00004, 0), (3, 0.1), (3, np.nan)])
def test_more_than_rounding_is_refused(rows):
    with pytest.raises(ValueError, match=r"equal outputs .* They differ by .*'ours'"):
        greatest_error(MODEL, legacy(*rows), BATCH)


def test_small_outputs_are_compared_with_1():
    assert greatest_error(MODEL, legacy(9e-6, 0), [0 * BATCH[0]]) > 0


def test_more_can_be_allowed():
    assert greatest_error(MODEL, legacy(3.2, 0), BATCH, 0.1) == pytest.approx(0.2)
