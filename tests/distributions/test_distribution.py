import json

import pytest

from tfcompress.distributions.distribution import Distribution
from tfcompress.distributions.erdos_renyi import ErdosRenyi
from tfcompress.distributions.per_layer import PerLayer
from tfcompress.distributions.uniform import Uniform


@pytest.mark.parametrize(
    "distribution", [Uniform(), ErdosRenyi(), PerLayer({"head": 0.5})], ids=str
)
def test_config_survives_json(distribution):
    config = json.loads(json.dumps(distribution.get_config()))

    assert Distribution.from_config(config) == distribution


def test_config_of_no_distribution_is_refused():
    with pytest.raises(ValueError, match="`distribution` must be one of "):
        Distribution.from_config({"distribution": "Normal"})
