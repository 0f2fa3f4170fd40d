import keras
import numpy as np

from tfcompress.elastic.activate import activate
from tfcompress.elastic.elastic_stage import ElasticStage
from tfcompress.elastic.setting import Setting
from tfcompress.elastic.take import take


def test_outputs_are_those_of_the_network_in_that_setting(network, x):
    choices = [
        None,
        {"stage": Setting(1, 2, 3)},
        {"stage": Setting(2, 2, 5), "stage_1": Setting(1, 8, 3)},
    ]
    for settings in choices:
        activate(network, settings)
        small = take(network, settings)
        np.testing.assert_allclose(small(x), network(x), atol=1e-5)


def test_what_is_taken_is_plain_keras_with_weights_of_its_own(network, x, tmp_path):
    small = take(network, {"stage": Setting(1, 2, 3), "stage_1": Setting(1, 4, 3)})
    before = small(x).numpy()
    for weight in network.trainable_weights:
        weight.assign(0 * weight)

    small.save(tmp_path / "small.keras")

    loaded = keras.models.load_model(tmp_path / "small.keras", custom_objects={})
    np.testing.assert_array_equal(loaded(x), before)
    assert not any(isinstance(layer, ElasticStage) for layer in loaded.layers)
    assert small.count_params() < 0.3 * take(network).count_params()
