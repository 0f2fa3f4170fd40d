"""What every score of channels answers: which of a group matters least."""

import numpy as np


class ChannelScore:
    """A number for each channel of a group; the lowest leave first.

    A method is a subclass that defines `scores`. One that looks at batches as well
    defines `attach`, `detach` and `reset`, and says when it is `ready`; `seen` and
    `see_again` make a run that was killed go on as if it was not.
    """

    # Whether the scores of different groups are in the same units.
    comparable = False

    @property
    def ready(self) -> bool:
        """Whether there are scores: whether a batch was seen since the last reset."""
        return True

    def attach(self, model, groups) -> None:
        """Begins to look at what `fit` does with `model`, whose step is made anew.

        Raises:
            ValueError: If a group has nothing that can be scored.
        """

    def detach(self) -> None:
        """Ends what `attach` began."""

    def pause(self) -> None:
        """Looks away: what comes is validation."""

    def resume(self) -> None:
        """Looks again."""

    def reset(self) -> None:
        """Forgets the batches seen."""

    def seen(self) -> dict[str, np.ndarray]:
        """Returns what is known of those batches, for the backup of a run."""
        return {}

    def see_again(self, arrays: dict[str, np.ndarray]) -> None:
        """Takes back what `seen` returned, in a run that goes on from its backup."""

    def scores(self, group) -> np.ndarray:
        """Returns an array of `group.size` numbers."""
        raise NotImplementedError

    def checked(self, group, scope) -> np.ndarray:
        """Returns the scores in float64, in `"global"` scope relative to their group.

        Raises:
            ValueError: If they are not finite.
        """
        scores = np.asarray(self.scores(group), "float64")
        if not np.isfinite(scores).all():
            raise ValueError(
                f"The scores of {group.name!r} must be finite: training has diverged. "
                f"Received: {scores}"
            )
        if scope == "global" and not self.comparable:
            scores = scores / max(np.sqrt(np.mean(scores**2)), 1e-30)
        return scores
