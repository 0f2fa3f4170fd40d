import dataclasses

import pytest

from tfcompress.elastic.setting import Setting


def test_is_a_value():
    assert Setting(1, 2, 3) == Setting(depth=1, width=2, kernel_size=3)
    assert len({Setting(1, 2, 3), Setting(1, 2, 3)}) == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        Setting(1, 2, 3).depth = 2
