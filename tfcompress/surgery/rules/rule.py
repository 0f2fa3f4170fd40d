"""What surgery must know about a type of layer."""

import dataclasses

import numpy as np

from tfcompress.surgery.channels import Channels
from tfcompress.surgery.part import Part


@dataclasses.dataclass(frozen=True, eq=False)
class Reading:
    """Which channels go into the making of which others.

    Args:
        inputs: The channels that are read, or None.
        outputs: The channels made of them, or None if all of these are needed.
        reach: Boolean, (inputs, outputs): where a weight is not zero.
        foldable: Boolean, for each input: whether it is a constant that a bias of the
            layer can hold; or None.
    """

    inputs: Channels | None
    outputs: Channels | None
    reach: np.ndarray
    foldable: np.ndarray | None


class Rule:
    """How channels go through one layer, and what becomes of it when some leave.

    One rule object belongs to one layer, however often that is called. The rule of
    this class is that of a layer nobody knows: all its channels stay.
    """

    def __init__(self, part: Part):
        self.part = part
        self.layer = part.inner

    def couple(self, call, inputs, trace) -> list:
        """Returns the channels of each output of `call`, and tells `trace` the rest.

        Args:
            call: The `Call`.
            inputs: For each of `call.inputs` its `Channels`, or None.
            trace: The `Trace`.
        """
        return self.refuse(inputs, trace, f"{self.part} needs them all")

    def refuse(self, inputs, trace, reason):
        """Says that no channel of `inputs` can leave; the outputs hold none."""
        for channels in inputs:
            if channels is not None:
                trace.fix(channels.ids, reason)
        return []

    def constants(self, use, values, threshold) -> list:
        """Returns the value of each output channel that is the same for all inputs.

        Args:
            use: The `Use`: the call with its channels.
            values: For each input an array of the values of its channels, NaN where
                they vary; or None.
            threshold: Weights of at most this size count as zero.
        """
        return []

    def readings(self, use, values, threshold):
        """Yields a `Reading` for each way from inputs to channels of the layer's own.

        Arguments as in `constants`.
        """
        return ()

    def with_bias(self) -> tuple[dict, list[str]]:
        """Returns what gives the layer a bias, in its config, and the new weights."""
        return {"use_bias": True}, ["bias"]

    def folded(self, use, values, gone) -> dict[str, np.ndarray]:
        """Returns what must be added to a bias, by name, for the inputs that are `gone`.

        Args:
            use: The `Use`.
            values: As in `constants`.
            gone: A function that says of `Channels` which of them are.
        """
        return {}

    def factors(self, sizes) -> dict[str, float]:
        """Returns what weights, by name, must be multiplied by once channels have left.

        Args:
            sizes: As in `resized`.
        """
        return {}

    def resized(self, config: dict, sizes) -> dict:
        """Returns what changes in `config` when channels have left.

        Args:
            config: The configuration of the layer.
            sizes: The `Sizes`: `sizes(name)` is the new shape of a weight.
        """
        return {}
