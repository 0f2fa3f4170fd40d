"""How large the demo is."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Settings:
    """Sizes of the demo.

    Args:
        seed: Seed of all randomness.
        width: Units of the two hidden layers of the baseline.
        epochs: Epochs of each training.
        batch_size: Examples in a step.
        rounds: Turns that each file has when they are timed.
        callbacks: Keras callbacks of each training, such as one that shows progress.
    """

    seed: int = 0
    width: int = 512
    epochs: int = 20
    batch_size: int = 32
    rounds: int = 101
    callbacks: tuple = ()

    @classmethod
    def for_data(cls, name: str, *, fast: bool, seed: int) -> "Settings":
        """Returns sizes that suit the data set, or small ones if `fast`."""
        width, rounds = (256, 21) if fast else (512, 101)
        if name == "digits":
            return cls(seed, width, 4 if fast else 20, 32, rounds)
        return cls(seed, width, 1 if fast else 6, 128, rounds)
