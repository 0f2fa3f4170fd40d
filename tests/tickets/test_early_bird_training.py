import dataclasses

import pytest

from tfcompress.tickets.early_bird_training import EarlyBirdTraining


def test_result_is_a_value():
    one = EarlyBirdTraining(None, None, {}, (1.0, 2.0))
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.model = 1
