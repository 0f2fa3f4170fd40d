"""What the hosts of convolutional LSTMs share: the host of the cell that they have."""

import inspect

import keras

from tfcompress.layers.host import Host
from tfcompress.layers.host_of import host_of
from tfcompress.layers.recurrent_host import WEIGHTS, RecurrentHost

# Keras has no public name for the class of their cells. A layer that is made here to
# ask it for its cell would start TensorFlow, whose devices could not be set up then.
ConvLSTMCell = inspect.getmodule(keras.layers.ConvLSTM1D.__base__).ConvLSTMCell


@host_of(ConvLSTMCell, hosted=WEIGHTS, optional=("bias",))
class CompressedConvLSTMCell(Host, ConvLSTMCell):
    """The cell of `CompressedConvLSTM1D`, 2D and 3D."""

    def get_config(self):
        return {**super().get_config(), "rank": self.rank}  # Keras leaves it out


class ConvLSTMHost(RecurrentHost):
    """A recurrent host whose states are images."""

    cell_host = CompressedConvLSTMCell

    @classmethod
    def cell_config(cls, cell):
        return {**cell.get_config(), "rank": cell.rank}
