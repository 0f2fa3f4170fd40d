"""Channels by the length of the weights that make them."""

from tfcompress.callbacks.channel_scores.channel_score import ChannelScore


class Norm(ChannelScore):
    r"""The l2 norm of all weights that make a channel.

    $$ s_c = \sqrt{\sum_l \lVert W^l_{:c} \rVert_2^2} $$

    over the layers $l$ whose outputs share the channel. It needs no data. Before a
    batch normalization, which takes any length out again, `BatchNormScale` says more.

    References:
        - [Li et al., 2017](https://arxiv.org/abs/1608.08710)
    """

    def scores(self, group):
        return group.norms()
