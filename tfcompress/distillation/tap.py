"""What a layer gave when it was last called, read from outside its model."""

import functools
import threading


class Tap:
    """Remembers the output of a layer's last call, from `open` until `close`.

    The layer and its model stay as they are; the tensor is that of the forward pass
    itself, which so runs only once, with the same dropout.

    Args:
        layer: A `keras.layers.Layer`.
    """

    def __init__(self, layer):
        self.layer = layer
        # Replicas run in threads of their own, and each must see its own tensor.
        self._last = threading.local()

    @property
    def output(self):
        """The output of the last call in this thread."""
        return self._last.output

    def open(self):
        self._own = vars(self.layer).get("call")  # set by somebody else
        call = self.layer.call

        @functools.wraps(call)
        def tapped(*args, **kwargs):
            self._last.output = call(*args, **kwargs)
            return self._last.output

        self.layer.call = tapped

    def close(self):
        del self.layer.call
        if self._own is not None:
            self.layer.call = self._own
        self._last = threading.local()
