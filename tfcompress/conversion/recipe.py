"""Rules for a conversion, in order, as data."""

import json
from collections.abc import Iterable, Mapping

from tfcompress import _checks
from tfcompress.conversion.rule import Rule

FORMAT = 1


class Recipe:
    """An ordered list of rules, where a later rule wins over an earlier one.

    Args:
        rules: A mapping from layers (a name, a glob, a class, a predicate) to a kernel,
            a host class, or (host class, dict of arguments); or pairs of these; or
            another recipe.

    Raises:
        TypeError: If a rule is of another form.
        ValueError: If there is no rule.

    Example:

    >>> recipe = tfc.Recipe({keras.layers.Dense: tfc.kernels.LowRank(rank=4)})
    >>> recipe == tfc.Recipe.from_json(recipe.to_json())
    True
    """

    def __init__(self, rules):
        if isinstance(rules, Recipe):
            rules = [(rule.which, rule.change) for rule in rules.rules]
        elif isinstance(rules, Mapping):
            rules = list(rules.items())
        if isinstance(rules, str) or not isinstance(rules, Iterable):
            raise _checks.error(
                "rules", "be a mapping, pairs, or a Recipe", rules, kind=TypeError
            )
        rules = list(rules)
        for rule in rules:
            if not isinstance(rule, tuple) or len(rule) != 2:
                what = "hold pairs of layers and what becomes of them"
                raise _checks.error("rules", what, rule, kind=TypeError)
        if not rules:
            raise _checks.error("rules", "hold at least one rule", rules)
        try:
            self.rules = tuple(Rule(which, change) for which, change in rules)
        except TypeError as fault:
            raise TypeError(f"Each of `rules` must be one: {fault}") from None

    def to_json(self) -> str:
        """Returns the recipe as JSON; raises for a predicate, which is code."""
        rules = [rule.get_config() for rule in self.rules]
        return json.dumps({"tfcompress_recipe": FORMAT, "rules": rules}, indent=2)

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """Returns the recipe that `to_json` wrote."""
        data = _checks.recipe(text, "tfcompress_recipe", FORMAT, "Recipe.to_json")
        try:
            rules = [Rule.from_config(config) for config in data["rules"]]
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            rule = f"hold rules as `Recipe.to_json` writes them ({fault!r})"
            raise _checks.error("text", rule, text) from fault
        return cls([(rule.which, rule.change) for rule in rules])

    def __eq__(self, other):
        return isinstance(other, Recipe) and self.to_json() == other.to_json()

    def __hash__(self):
        return hash(self.rules)

    def __repr__(self):
        return f"Recipe({[(rule.which, rule.change) for rule in self.rules]})"
