"""Scores of channels that add up over the batches of training."""

import numpy as np
from keras import ops

from tfcompress.callbacks.channel_scores.channel_score import ChannelScore


class BatchScore(ChannelScore):
    """What is known of the batches since the last update, in variables.

    A method is a subclass that defines `counters`, and adds to them in each step.
    """

    @property
    def counters(self) -> list:
        """Returns the variables, in the same order in each run; none if detached."""
        raise NotImplementedError

    def reset(self):
        for variable in self.counters:
            variable.assign(ops.zeros(variable.shape, variable.dtype))

    def seen(self):
        values = map(ops.convert_to_numpy, self.counters)
        return {str(place): np.array(value) for place, value in enumerate(values)}

    def see_again(self, arrays):
        for place, variable in enumerate(self.counters):
            variable.assign(arrays[str(place)])
