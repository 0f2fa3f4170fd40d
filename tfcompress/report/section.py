"""What a part of a report must tell, so that every format can show it."""

import abc
import dataclasses


class Section(abc.ABC):
    """One thing that was measured of a model, and against its baseline if there is one.

    A subclass is a frozen dataclass of plain numbers. Text, Markdown, HTML, JSON and
    TensorBoard ask it for what they need, so a new section changes none of them.
    """

    title = ""

    @abc.abstractmethod
    def grids(self) -> list:
        """Returns its tables, each a `Grid`."""

    @abc.abstractmethod
    def remarks(self) -> list[str]:
        """Returns sentences: the result first, then what must be known of it."""

    @abc.abstractmethod
    def scalars(self) -> dict[str, float]:
        """Returns the numbers that are worth following from one report to the next."""

    @abc.abstractmethod
    def figure(self):
        """Returns a matplotlib figure, or None if there is nothing to draw."""

    def as_dict(self) -> dict:
        """Returns all of it as data for JSON."""
        return dataclasses.asdict(self)
