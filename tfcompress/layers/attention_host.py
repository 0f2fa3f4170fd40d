"""What the hosts of attention layers share: kernels in the projections inside."""

import keras

from tfcompress.layers.compressed_einsum_dense import CompressedEinsumDense
from tfcompress.layers.host import Host
from tfcompress.sublayers import sublayers

# The names that Keras gives to the projections inside, and the arguments of ours.
PROJECTIONS = {
    "query": "query_kernel",
    "key": "key_kernel",
    "value": "value_kernel",
    "attention_output": "output_kernel",
}
WEIGHTS = tuple(PROJECTIONS.values())


class AttentionHost(Host):
    """A host whose weights are those of four `EinsumDense` layers that it holds.

    Each of them is replaced by its host when Keras assigns it, before it is built.
    """

    def __init__(self, *args, **kwargs):
        # Not an attribute that Keras tracks: the kernels will be the projections'.
        self.__dict__["_given"] = self.take_kernels(kwargs)
        self.twin.__init__(self, *args, **kwargs)

    def __setattr__(self, name, value):
        plain = isinstance(value, keras.layers.EinsumDense)
        if plain and not isinstance(value, Host) and value.name in PROJECTIONS:
            kernel = self._given[PROJECTIONS[value.name]]
            config = {**value.get_config(), "kernel": kernel}
            value = CompressedEinsumDense.from_config(config)
        super().__setattr__(name, value)

    @property
    def kernels(self):
        if not self.built:
            return self._given
        parts = _projections(self)
        return {name: parts[name].kernels["kernel"] for name in self.hosted}

    def weight(self, name):
        return self.projection(self, name).kernel

    @staticmethod
    def projection(layer, name):
        """Returns the layer inside `layer` that has the weight `name`."""
        return _projections(layer)[name]

    @classmethod
    def weight_of(cls, twin, name):
        return cls.projection(twin, name).kernel

    @classmethod
    def caller_of(cls, twin, name):
        return cls.projection(twin, name)

    @classmethod
    def rows_of(cls, twin, name, inputs):
        inner = cls.projection(twin, name)
        return CompressedEinsumDense.rows_of(inner, "kernel", inputs)


def _projections(layer):
    """The layers inside `layer` with kernels that are hosted, by the names of these."""
    return {
        PROJECTIONS[part.name]: part
        for part in sublayers(
            layer
        )  # not `vars`: PyTorch keeps them in a dict of its own
        if isinstance(part, keras.layers.EinsumDense) and part.name in PROJECTIONS
    }
