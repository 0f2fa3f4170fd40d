"""What recurrent hosts share: kernels in the cell, computed once for all time steps."""

from keras import ops

from tfcompress.layers.host import Host

WEIGHTS = ("kernel", "recurrent_kernel")


class RecurrentHost(Host):
    """A host whose weights are those of its cell.

    `cell_host` is the host of the cell, which takes the place of the cell that Keras
    makes. The kernels are computed before the loop over time, once per call.
    """

    cell_host = None

    def __init__(self, *args, **kwargs):
        # Not an attribute that Keras tracks: the kernels will be the cell's.
        self.__dict__["_given"] = self.take_kernels(kwargs)
        self.twin.__init__(self, *args, **kwargs)
        del self.__dict__["_given"]

    @classmethod
    def take_kernels(cls, kwargs):
        kernels = super().take_kernels(kwargs)
        cls.refuse_unmet(kernels)
        return kernels

    def __setattr__(self, name, value):
        if name == "cell" and not isinstance(value, Host):
            value = self.cell_host.from_config(
                {**self.cell_config(value), **self._given}
            )
        super().__setattr__(name, value)

    @classmethod
    def cell_config(cls, cell):
        """Returns the arguments of Keras's `cell`."""
        return cell.get_config()

    @property
    def kernels(self):
        return self.cell.kernels

    def weight(self, name):
        return self.cell.weight(name)

    @classmethod
    def weight_of(cls, twin, name):
        return super().weight_of(twin.cell, name)

    @classmethod
    def rows_of(cls, twin, name, inputs):
        if name != "kernel" or len(inputs.shape) != 3:
            return None  # multiplied with states, which are no inputs, or convolved
        return ops.reshape(inputs, (-1, inputs.shape[-1]))

    def call(self, sequences, initial_state=None, mask=None, training=False):
        sequences = self.cell.prepared(sequences, training)
        with self.cell.computed(training):
            return super().call(
                sequences, initial_state=initial_state, mask=mask, training=training
            )
