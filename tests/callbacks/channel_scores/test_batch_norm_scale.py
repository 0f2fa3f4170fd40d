import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.callbacks.channel_scores.batch_norm_scale import BatchNormScale
from tfcompress.surgery.groups import coupled_groups


def groups(*hidden):
    parts = [keras.Input((2,)), layers.Dense(3, name="a"), *hidden, layers.Dense(1)]
    return coupled_groups(keras.Sequential(parts))[:1]


def test_score_is_the_absolute_scale():
    norm = layers.BatchNormalization()
    (group,) = groups(norm)
    norm.gamma.assign([0.5, -2.0, 0.0])
    np.testing.assert_allclose(BatchNormScale().scores(group), [0.5, 2.0, 0.0])


@pytest.mark.parametrize(
    "hidden", [[], [layers.BatchNormalization(scale=False)]], ids=["none", "no scale"]
)
def test_channels_without_a_scale_are_refused(hidden):
    with pytest.raises(ValueError, match="`by` must not be 'bn_scale' for 'a'"):
        BatchNormScale().attach(None, groups(*hidden))
