"""A recurrent layer around any cells that are hosts."""

import contextlib

import keras

from tfcompress.layers.host import Host


@keras.saving.register_keras_serializable("tfcompress")
class CompressedRNN(keras.layers.RNN):
    r"""`RNN` that computes the kernels of its cells once per call, not per time step.

    It takes the arguments of `keras.layers.RNN`, and is it. Cells that are hosts, such
    as `CompressedLSTMCell` or one of your own (`tfcompress.layers.host_of`), work in a
    plain `RNN` too, but there each step computes their kernels anew. Cells that hold
    other cells (`StackedRNNCells`, wrappers) are searched for hosts.

    Args:
        cell: A cell or a list of cells, and so on as in `RNN`.

    Example:

    >>> cell = tfc.layers.CompressedLSTMCell(16, kernels=tfc.kernels.Hashed(ratio=1 / 8))
    >>> layer = tfc.layers.CompressedRNN([cell, keras.layers.GRUCell(4)])
    >>> tuple(layer(np.zeros((2, 50, 3))).shape)
    (2, 4)
    """

    def call(self, sequences, initial_state=None, mask=None, training=False):
        with contextlib.ExitStack() as stack:
            for host in _hosts(self.cell):
                stack.enter_context(host.computed(training))
            return super().call(
                sequences, initial_state=initial_state, mask=mask, training=training
            )


def _hosts(cell):
    """The hosts in `cell`, itself or held by it."""
    if isinstance(cell, Host):
        return [cell]
    held = keras.tree.flatten(list(vars(cell).values()))
    inner = {id(v): v for v in held if isinstance(v, keras.layers.Layer)}
    return [host for layer in inner.values() for host in _hosts(layer)]
