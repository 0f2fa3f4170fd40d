import numpy as np
import pytest

from tfcompress.patterns.channel import Channel


def test_score_of_a_filter_is_the_mean_of_its_weights(rng):
    kernel = rng.normal(size=(3, 3, 2, 5))

    pooled = Channel().pool(kernel)

    np.testing.assert_allclose(pooled, kernel.reshape(18, 5).mean(0))


def test_mask_of_a_channel_covers_all_its_weights():
    mask = Channel().expand(np.array([True, False]), (2, 2))

    assert mask.tolist() == [[True, False], [True, False]]


def test_axis_says_where_channels_lie():
    scores = np.array([[1.0, 3.0], [5.0, 7.0]])

    assert Channel(axis=0).pool(scores).tolist() == [2, 6]
    assert Channel(axis=-2).pool(scores).tolist() == [2, 6]


def test_axis_the_weight_has_not_is_refused():
    with pytest.raises(ValueError, match=r"`axis` must be an axis of 'd/kernel'"):
        Channel(axis=2).check("d/kernel", (3, 4))


@pytest.mark.parametrize("axis", [0.5, None, 9])
def test_axis_must_be_a_whole_number(axis):
    with pytest.raises(ValueError, match="`axis` must be an integer in"):
        Channel(axis=axis)
