import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.callbacks.runtime_patterns import for_litert
from tfcompress.distributions.erdos_renyi import ErdosRenyi
from tfcompress.patterns.block import Block
from tfcompress.patterns.unstructured import Unstructured
from tfcompress.schedules.constant import Constant
from tfcompress.selection import select_weights


@pytest.fixture
def model():
    parts = [layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(10), layers.Dense(3)]
    model = keras.Sequential([keras.Input((6, 6, 1)), *parts])
    model.compile("sgd", "mse")
    return model


def test_dense_kernels_get_the_blocks_that_litert_can_skip(model):
    patterns, remarks = for_litert(model, select_weights(model))

    assert patterns == [Unstructured(), Block((4, 1)), Unstructured()]
    assert remarks == [
        "only smaller: not the kernel of a Dense layer",
        "smaller and faster",
        "only smaller: 4 does not divide 10 inputs",
    ]


def test_callback_prunes_each_weight_in_its_pattern_and_says_so(model, capsys):
    prune = PruneLowMagnitude(Constant(0.5), for_runtime="litert")

    model.fit(np.ones((4, 6, 6, 1)), np.ones((4, 3)), verbose=2, callbacks=[prune])

    dense = model.layers[2].kernel.numpy() != 0
    assert set(dense.reshape(-1, 4, 10).sum(1).ravel()) == {0, 4}
    assert [np.mean(v != 0) for v in select_weights(model)] == [0.5, 0.5, 0.5]
    out = capsys.readouterr().out
    assert "smaller and faster" in out
    assert "only smaller" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"for_runtime": "onnx"}, "`for_runtime` must be one of None, 'litert'"),
        ({"pattern": Block((4, 1))}, "`pattern` must be None with `for_runtime`"),
        ({"scope": "global"}, "`scope` must not be 'global' with `for_runtime`"),
    ],
)
def test_what_does_not_go_together_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        PruneLowMagnitude(Constant(0.5), **{"for_runtime": "litert", **options})


def test_distribution_goes_with_it(model):
    prune = PruneLowMagnitude(Constant(0.5), for_runtime="litert", scope=ErdosRenyi())

    history = model.fit(
        np.ones((4, 6, 6, 1)), np.ones((4, 3)), verbose=0, callbacks=[prune]
    )

    assert history.history["sparsity"] == [pytest.approx(0.5, abs=0.01)]
