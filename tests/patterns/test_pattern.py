import json

import numpy as np
import pytest

from tfcompress.patterns.block import Block
from tfcompress.patterns.pattern import Pattern
from tfcompress.patterns.unstructured import Unstructured

each = pytest.mark.parametrize(
    "pattern", [Unstructured(), Block((2, 1)), Block((4,)), Block([1, 2, 4])], ids=str
)


@each
def test_config_survives_json(pattern):
    config = json.loads(json.dumps(pattern.get_config()))

    assert Pattern.from_config(config) == pattern


@each
def test_members_of_a_group_get_the_same_value(pattern, rng):
    weight = rng.normal(size=(3, 4, 8))

    groups = pattern.pool(weight)
    expanded = pattern.expand(groups, weight.shape)

    assert expanded.shape == weight.shape
    np.testing.assert_allclose(pattern.reduce(expanded, np.min), groups)
    np.testing.assert_allclose(pattern.reduce(expanded, np.max), groups)


@each
def test_groups_cover_the_weight(pattern, rng):
    weight = rng.normal(size=(3, 4, 8))

    assert pattern.expand(pattern.pool(weight), weight.shape).sum() == pytest.approx(
        weight.sum()
    )


@pytest.mark.parametrize("config", [{}, {"pattern": "Stripes"}])
def test_config_of_no_pattern_is_refused(config):
    with pytest.raises(ValueError, match="`pattern` must be one of "):
        Pattern.from_config(config)
