import keras
import numpy as np
import pytest
from shrinking import chain

from tfcompress.surgery.plan import plan
from tfcompress.surgery.shrink import shrink

layers = keras.layers


def reasons(model, **options):
    return {d.group.name: d.reason for d in plan(model, **options).decisions}


def test_reason_is_told_for_each_group():
    model = chain(
        (3,), layers.Dense(4, name="a"), layers.Lambda(lambda x: x, name="it")
    )
    assert reasons(model) == {
        "a": "Lambda 'it' needs them all",
        "end": "outputs of the model",
    }


def test_constants_that_cannot_leave_are_counted():
    model = chain(
        (5, 2),
        layers.Conv1D(3, 1, name="a", bias_initializer="ones"),
        layers.Conv1D(2, 3, padding="same", name="b"),
    )
    layer = model.get_layer("a")
    layer.kernel.assign(np.array(layer.kernel) * [0, 1, 0])
    assert reasons(model)["a"] == "2 constant, but not everywhere for what reads them"


def test_units_that_only_fill_up_are_counted():
    model = chain((3,), layers.Dense(4, name="a"))
    layer = model.get_layer("a")
    layer.kernel.assign(np.array(layer.kernel) * [0, 1, 1, 1])
    assert reasons(model, round_to=2)["a"] == "1 that do nothing fill up the width"
    layer.kernel.assign(np.zeros((3, 4)))
    assert reasons(model)["a"] == "none does anything, but a layer needs one"


def test_a_plan_does_what_shrink_does():
    model = chain((3,), layers.Dense(4, name="a"))
    decided = plan(model, keep={"a": [1, 2]})
    for a, b in zip(
        decided.apply().get_weights(),
        shrink(model, keep={"a": [1, 2]}).get_weights(),
        strict=True,
    ):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"threshold": -1}, "`threshold` must be a number"),
        ({"round_to": 0}, "`round_to` must be a positive integer"),
        ({"merge": 1}, "`merge` must be True or False"),
        ({"approximate": None}, "`approximate` must be True or False"),
    ],
)
def test_options_are_checked(options, message):
    with pytest.raises((ValueError, TypeError), match=message):
        plan(chain((3,), layers.Dense(4)), **options)
