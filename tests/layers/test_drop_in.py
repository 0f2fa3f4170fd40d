import inspect

import pytest

from tfcompress.kernels.full import Full
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.drop_in import drop_in
from tfcompress.layers.hashed_dense import HashedDense


def test_drop_in_takes_the_options_of_its_kernel():
    @drop_in(Full)
    class PlainDense(CompressedDense):
        """A dense layer."""

    assert list(inspect.signature(PlainDense).parameters)[:3] == [
        "units",
        "activation",
        "use_bias",
    ]


def test_a_missing_option_is_said_plainly():
    with pytest.raises(TypeError, match="missing a required argument: 'ratio'"):
        HashedDense(4)


def test_an_unknown_option_is_refused():
    with pytest.raises((TypeError, ValueError), match="rank"):
        HashedDense(4, ratio=0.5, rank=3)
