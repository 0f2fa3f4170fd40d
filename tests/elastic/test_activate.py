import keras
import pytest

from tfcompress.elastic.activate import activate, complete, stages
from tfcompress.elastic.setting import Setting


def test_stages_that_are_not_named_are_the_largest(network):
    activate(network, {"stage": Setting(1, 2, 3)})
    activate(network, {"stage_1": Setting(2, 4, 3)})
    settings = {name: stage.setting for name, stage in stages(network).items()}
    assert settings == {"stage": Setting(2, 4, 5), "stage_1": Setting(2, 4, 3)}
    assert complete(network, settings) == settings


def test_names_and_settings_that_are_not_there_are_refused(network):
    with pytest.raises(
        ValueError, match="`settings` must be one of 'stage', 'stage_1'"
    ):
        activate(network, {"other": Setting(1, 2, 3)})
    with pytest.raises(ValueError, match=r"`settings\['stage'\]` must be one of"):
        activate(network, {"stage": Setting(1, 3, 3)})


def test_a_model_without_stages_is_refused():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="`model` must have layers of type"):
        activate(model)
