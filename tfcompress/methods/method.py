"""What every method answers: which layers it suits, and what it makes of them."""

from typing import ClassVar

from tfcompress.described import Described


class Method(Described):
    """A way to compress layers of a trained model, each to its own ratio.

    A ratio is size after over size before, of the layer's weights. A method of your own
    is a frozen dataclass that defines `layers` and `compress`, and `callbacks` where
    training would undo it. Several work on one model in the order of their `turn`.
    """

    turn: ClassVar[int] = 1

    def __str__(self):
        return type(self).__name__

    def layers(self, model) -> list[str]:
        """Returns the names of the layers of `model` that it can compress, in order."""
        raise NotImplementedError

    def compress(self, model, ratios, *, inputs=None, fit_weights=True):
        """Returns a new model in which layers are compressed, compiled as `model` is.

        Args:
            model: A built Sequential or Functional model; it is left as it was.
            ratios: A mapping from names of layers to ratios in (0, 1].
            inputs: Examples to fit outputs on, by methods that can; or None.
            fit_weights: If False, weights need not be near the trained ones: only the
                shapes are asked for.
        """
        raise NotImplementedError

    def callbacks(self, ratios) -> list:
        """Returns the callbacks that keep layers as they are while they are trained."""
        return []
