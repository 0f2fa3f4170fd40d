"""What a search for tickets has found."""

import dataclasses
import json

import keras
import numpy as np

from tfcompress import _checks
from tfcompress.masks import Masks
from tfcompress.tickets.trained_ticket import TrainedTicket
from tfcompress.writing import picture_target, whole_file, write_text


@dataclasses.dataclass(frozen=True, eq=False)
class TicketSearch:
    """The result of `find_ticket`.

    Attributes:
        model: The model, with the trained weights of the last round.
        masks: Tuple of `Masks`, those of each round; all is kept in round 0.
        weights: The weights that are gone back to, as `model.get_weights()` gives them.
        trained: Tuple of `TrainedTicket`, in the order of the trainings.
        settings: Dict of the arguments of the search.
        which: The weights that are pruned, as it was given.
    """

    model: keras.Model
    masks: tuple[Masks, ...]
    weights: list[np.ndarray]
    trained: tuple[TrainedTicket, ...]
    settings: dict
    which: object = None

    def of(self, variant: str) -> list[TrainedTicket]:
        """Returns the trainings of a variant, from dense to sparse.

        The controls begin with the dense training, which is that of the ticket.

        Raises:
            ValueError: If there is no such variant.
        """
        _checks.choice("variant", variant, [*{one.variant for one in self.trained}])
        return [one for one in self.trained if one.variant == variant or not one.round]

    def give(self, model, round: int = -1) -> None:
        """Makes of `model` the ticket of a round, ready to be trained.

        It may be another model of the same structure, for another data set; if its
        output layer differs, copy that of the ticket layer by layer instead. Train it
        with a pruning callback, such as `LotteryTicket(0)`, for the zeros to stay.

        Args:
            model: A built `keras.Model` with weights of the same shapes.
            round: The round, or -1 for the last.
        """
        _checks.instance("model", model, keras.Model, "a `keras.Model`")
        rounds = len(self.masks)
        number = _checks.integer("round", round, low=-rounds, high=rounds - 1)
        shapes = [tuple(weight.shape) for weight in self.weights]
        found = [tuple(weight.shape) for weight in model.weights]
        if shapes != found:
            raise _checks.error("model", f"have weights of shapes {shapes}", found)
        model.set_weights(self.weights)
        self.masks[number].apply(model, self.which)

    def to_json(self, path=None) -> str:
        """Returns settings and trainings as JSON; writes it to `path` too, if given."""
        trained = [dataclasses.asdict(one) for one in self.trained]
        content = {"settings": self.settings, "trained": trained}
        content = json.dumps(content, indent=2)
        if path is not None:
            write_text(path, content + "\n")
        return content

    def plot(self, path, metric: str = "val_accuracy"):
        """Writes a picture of `metric` at the early stop, and of its iteration.

        Args:
            path: The file; its ending says the format.
            metric: A metric that `fit_fn` returned.

        Returns:
            `path`.
        """
        from matplotlib.figure import Figure
        from matplotlib.ticker import LogLocator, NullFormatter

        picture_target(path)
        _checks.choice("metric", metric, tuple(self.trained[0].metrics))
        figure = Figure(figsize=(9, 3.6), layout="constrained")
        left, right = figure.subplots(1, 2)
        for variant in dict.fromkeys(one.variant for one in self.trained):
            line = self.of(variant)
            shares = [100 * one.weights_left for one in line]
            label = variant.replace("_", " ")
            left.plot(shares, [one.metrics[metric] for one in line], ".-", label=label)
            right.plot(shares, [one.early_stop for one in line], ".-")
        left.set_ylabel(f"{metric} at early stop")
        right.set_ylabel("early-stop iteration")
        left.legend(frameon=False)
        for axes in (left, right):
            axes.set_xscale("log")
            axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axes.xaxis.set_major_formatter("{x:g}")  # not powers of ten
            axes.xaxis.set_minor_formatter(NullFormatter())
            axes.invert_xaxis()
            axes.set_xlabel("weights left (%)")
            axes.spines[["top", "right"]].set_visible(False)
        with whole_file(path) as draft:
            figure.savefig(draft, dpi=150)
        return path
