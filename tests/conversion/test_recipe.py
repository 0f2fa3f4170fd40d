import json

import keras
import pytest

from tfcompress.conversion.recipe import Recipe
from tfcompress.kernels.hashed import Hashed
from tfcompress.kernels.low_rank import LowRank
from tfcompress.layers.hashed_dense import HashedDense

RULES = {
    "block_*": LowRank(ratio=0.25),
    keras.layers.Dense: Hashed(ratio=0.125, seed=4),
    "head": (HashedDense, {"ratio": 0.5}),
}


def test_json_round_trip_keeps_rules_and_their_order():
    recipe = Recipe.from_json(Recipe(RULES).to_json())
    assert recipe == Recipe(RULES)
    assert [rule.which for rule in recipe.rules] == list(RULES)
    assert recipe.rules[1].change.seed == 4
    assert recipe.rules[2].host is HashedDense


def test_order_matters():
    assert Recipe(RULES) != Recipe(dict(reversed(RULES.items())))


@pytest.mark.parametrize(
    ("rules", "kind", "message"),
    [
        ({}, ValueError, "hold at least one rule"),
        ("head", TypeError, "be a mapping, pairs, or a Recipe"),
        (3, TypeError, "be a mapping, pairs, or a Recipe"),
        (["head"], TypeError, "hold pairs of layers"),
        ({3: LowRank(rank=1)}, TypeError, "`which` must be a layer name"),
        ({"": LowRank(rank=1)}, TypeError, "`which` must be a layer name"),
        ({"head": LowRank}, TypeError, "`change` must be a kernel"),
        ({"head": keras.layers.Dense}, TypeError, "`change` must be a kernel"),
        ({"head": (HashedDense, 0.5)}, TypeError, "`change` must be a kernel"),
    ],
)
def test_other_rules_are_refused(rules, kind, message):
    with pytest.raises(kind, match=message):
        Recipe(rules)


def test_a_predicate_cannot_be_written_down():
    with pytest.raises(ValueError, match="name, a glob or a layer class"):
        Recipe({lambda layer: True: LowRank(rank=1)}).to_json()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"rules": []}', None, pytest.param("[" * 100_000, id="deep")],
)
def test_what_is_no_recipe_is_refused(text):
    with pytest.raises(ValueError, match="`text` must be"):
        Recipe.from_json(text)


@pytest.mark.parametrize(
    "change",
    [
        {"host": "tfcompress>HashedDense", "options": [1]},
        {"kernel": {"class_name": "__lambda__", "config": {"value": "4wE="}}},
        {"kernel": {"module": "os", "class_name": "system", "config": {}}},
    ],
    ids=["options", "code", "another class"],
)
def test_what_is_no_change_is_refused_as_a_part_of_the_text(change):
    rules = [{"which": "head", **change}]
    text = json.dumps({"tfcompress_recipe": 1, "rules": rules})
    with pytest.raises(
        ValueError, match=r"^`text` must hold rules as `Recipe\.to_json`"
    ):
        Recipe.from_json(text)
