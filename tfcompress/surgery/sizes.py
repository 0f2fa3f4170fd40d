"""What a layer is once channels have left."""

import keras

from tfcompress.layers.host import Host
from tfcompress.surgery.hosted import without_channels
from tfcompress.surgery.part import Part


class Sizes:
    """The new shapes of the weights of a layer, and its new configuration.

    Args:
        part: The `Part` that is meant.
        cut: The `Cut` that knows what leaves.
    """

    def __init__(self, part: Part, cut):
        self.part = part
        self.cut = cut

    def __call__(self, weight: str) -> tuple:
        """Returns the new shape of `weight`."""
        return self.cut.shape(self.part, weight)

    @property
    def outputs(self) -> tuple[int, int] | None:
        """The axis and the number of channels that the configuration states, if any."""
        return self.cut.outputs(self.part)

    def layer(self) -> keras.Operation:
        """Returns the new layer, not built."""
        layer = self.part.inner
        kind, config = type(layer), layer.get_config()
        if isinstance(layer, Host):
            kind, config = without_channels(self.part, self.cut)
        rule = self.cut.trace.rule(self.part)
        config.update(rule.resized(config, self))
        if self.part in self.cut.biased:
            config.update(rule.with_bias()[0])
        return kind.from_config(config)

    def inside(self, name: str) -> dict:
        """Returns the layer `name` inside, as it is in a configuration."""
        inner = Sizes(self.part.inside(name), self.cut).layer()
        return keras.saving.serialize_keras_object(inner)
