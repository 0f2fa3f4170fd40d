import keras
import numpy as np
import pytest

from tfcompress.elastic.activate import activate, stages
from tfcompress.elastic.best_within import best_within
from tfcompress.elastic.elastic_stage import ElasticStage
from tfcompress.elastic.image_classifier import image_classifier
from tfcompress.elastic.take import take
from tfcompress.report.accuracy import accuracy
from tfcompress.report.report import report


@pytest.fixture
def data(x):
    return x, np.arange(len(x)) % 3


@pytest.mark.parametrize("name", ["bytes", "macs"])
def test_what_is_taken_is_within_the_budget_and_near_it(network, data, name):
    budget = getattr(report(take(network)).total, name) // 2
    settings = best_within(network, data, **{name: budget}, candidates=1)
    # With a single candidate it is the largest that fits.
    found = getattr(report(take(network, settings)).total, name)
    assert 0.8 * budget < found <= budget


def test_the_most_accurate_of_the_candidates_is_chosen(rng, data):
    x, _ = data
    network = image_classifier(
        (8, 6, 1), 3, channels=(2,), expansions=(1, 2), kernel_sizes=(3,)
    )
    for weight in network.trainable_weights:
        weight.assign(rng.normal(size=weight.shape))
    [(name, stage)] = stages(network).items()
    activate(network, {name: stage.settings[2]})
    y = network.predict(x, verbose=0).argmax(-1)  # as that one says

    settings = best_within(network, (x, y), bytes=10**9)

    assert accuracy(take(network, settings), (x, y)) == 1
    assert stage.setting == stage.largest


def test_a_budget_that_nothing_fits_is_refused(network, data):
    with pytest.raises(ValueError, match="`bytes` must leave room for the smallest"):
        best_within(network, data, bytes=10)


def test_no_budget_is_refused(network, data):
    with pytest.raises(ValueError, match="`bytes` must be given, or `macs`"):
        best_within(network, data)


def test_macs_of_a_stage_that_is_called_twice_are_refused(data):
    stage, inputs = ElasticStage((1, 2), (4,)), keras.Input((8, 6, 1))
    twice = stage(stage(inputs))
    outputs = keras.layers.Dense(3)(keras.layers.Flatten()(twice))
    model = keras.Model(inputs, outputs)
    with pytest.raises(ValueError, match="`model` must call each stage once"):
        best_within(model, data, macs=10**6)
    assert best_within(model, data, bytes=10**6)
