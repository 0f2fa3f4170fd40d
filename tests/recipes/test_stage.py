import keras
import pytest

from tfcompress.conversion.recipe import Recipe
from tfcompress.kernels.ternary import Ternary
from tfcompress.recipes.stage import Stage

RULES = {keras.layers.Dense: Ternary()}


def test_what_was_described_comes_back():
    for stage in (Stage(channels=0.5), Stage(rules=RULES, epochs=0.25, rate=2)):
        assert Stage.from_config(stage.get_config()) == stage
    assert Stage(rules=RULES).rules == Recipe(RULES)


@pytest.mark.parametrize("change", [{}, {"channels": 0.5, "rules": RULES}])
def test_a_stage_changes_one_thing(change):
    with pytest.raises(ValueError, match="`rules` must be None where `channels` leave"):
        Stage(**change)
