"""What training with an early-bird ticket has given."""

import dataclasses

import keras

from tfcompress.callbacks.early_bird import EarlyBird


@dataclasses.dataclass(frozen=True, eq=False)
class EarlyBirdTraining:
    """The result of `train_early_bird`.

    Attributes:
        model: The trained model: the small one, or the large one if no ticket was drawn.
        early_bird: The callback, with the `ticket` and the `epoch` of the draw, after
            which the small model was trained.
        history: Dict of lists, the metrics of all epochs, of both models in turn.
        seconds: Pair of floats: how long the large model was trained, and the small
            one, with all that is compiled for each.
    """

    model: keras.Model
    early_bird: EarlyBird
    history: dict[str, list[float]]
    seconds: tuple[float, float]
