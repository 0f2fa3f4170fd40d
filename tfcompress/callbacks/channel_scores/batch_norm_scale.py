"""Channels by the scales of their batch normalizations."""

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.callbacks.channel_scores.channel_score import ChannelScore


class BatchNormScale(ChannelScore):
    r"""The sum of the absolute scales of the batch normalizations of a channel.

    $$ s_c = \sum_l |\gamma^l_c| $$

    Trained with L1 on the scales (`tfcompress.regularizers.GroupLasso` as
    `gamma_regularizer`) this is network slimming.

    References:
        - [Liu et al., 2017](https://arxiv.org/abs/1708.06519)
    """

    comparable = True

    def attach(self, model, groups):
        for group in groups:
            if not _scales(group):
                rule = (
                    f"not be 'bn_scale' for {group.name!r}, whose channels go through "
                )
                rule += "no batch normalization with a scale"
                remedy = "Choose other layers by `which`, or another score."
                raise _checks.error("by", rule, "bn_scale", remedy=remedy)

    def scores(self, group):
        squares = (member.norms(group.size) for member in _scales(group))
        return sum(map(np.sqrt, squares))


def _scales(group):
    return [
        member
        for member in group.roles("carries")
        if isinstance(member.layer, keras.layers.BatchNormalization)
        and member.weight == "gamma"
    ]
