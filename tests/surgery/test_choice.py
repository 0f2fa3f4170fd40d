import keras
import numpy as np
import pytest

from tfcompress.surgery.choice import chosen
from tfcompress.surgery.groups import coupled_groups


@pytest.fixture
def groups():
    inputs = keras.Input((3,))
    a = keras.layers.Dense(4, name="a")(inputs)
    b = keras.layers.Dense(2, name="b")(inputs)
    c = keras.layers.Dense(6, name="c")(inputs)
    x = keras.layers.Add()([keras.layers.Concatenate()([a, b]), c])
    x = keras.layers.Dense(4, name="d")(x)
    model = keras.Model(inputs, keras.layers.Dense(2, name="end")(x))
    model.get_layer("d").kernel.assign(np.ones((6, 1)) * [4, 1, 3, 2])
    return coupled_groups(model)


def stay(groups, keep=None, round_to=1, dead=()):
    needed = [np.ones(group.size, bool) for group in groups]
    needed[1][list(dead)] = False
    stays = chosen(groups, needed, keep, round_to)
    return [list(np.flatnonzero(mine)) for mine in stays]


def test_what_is_needed_stays(groups):
    assert stay(groups, dead=[1])[1] == [0, 2, 3]


def test_of_a_ratio_the_largest_stay(groups):
    assert stay(groups, {"d": 0.5})[1] == [0, 2]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_ratio_may_be_a_number_of_numpy(groups, kind):
    assert stay(groups, {"d": kind(0.5)})[1] == [0, 2]


def test_those_that_do_nothing_leave_first(groups):
    assert stay(groups, {"d": 0.5}, dead=[0])[1] == [2, 3]


def test_units_are_kept_by_index(groups):
    assert stay(groups, {"d": [3, 1], "c": (0, 5)})[:2] == [[0, 5], [1, 3]]


def test_a_glob_speaks_of_many_and_passes_over_what_is_left_whole(groups):
    first, second, end = stay(groups, {"*": 0.5})
    assert len(second) == 2
    assert len(end) == 2
    assert len(first) in (3, 4)  # one more if a layer would be left without


def test_widths_are_rounded_up_with_the_best_of_the_others(groups):
    assert stay(groups, round_to=3, dead=[0, 1, 2])[1] == [0, 2, 3]
    assert stay(groups, round_to=8, dead=[0])[1] == [0, 1, 2, 3]


def test_of_units_that_were_named_the_width_is_filled_up_too(groups):
    assert stay(groups, {"d": [1, 3]}, round_to=3)[1] == [0, 1, 3]
    assert stay(groups, {"d": [1, 3]}, round_to=3, dead=[0])[1] == [1, 2, 3]
    assert stay(groups, {"d": [1, 3]}, round_to=2, dead=[3])[1] == [1, 3]


def test_a_layer_keeps_one_unit_when_all_are_dead(groups):
    assert stay(groups, dead=range(4))[1] == [0]


def test_each_layer_of_a_group_keeps_a_unit(groups):
    needed = [np.ones(group.size, bool) for group in groups]
    needed[0][4:] = False  # all that `b` makes
    first, *_ = chosen(groups, needed, None, 1)
    assert list(first[:4]) == [True] * 4
    assert np.count_nonzero(first[4:]) == 1


@pytest.mark.parametrize(
    ("keep", "message"),
    [
        ({"d": []}, r"`keep\['d'\]` must keep at least one unit"),
        ({"c": [0, 1]}, r"at least one unit of each layer. 'b' would lose all"),
        ({"d": [4]}, r"`keep\['d'\]` must be an integer in \[0, 3\]"),
        ({"d": [-1]}, r"must be an integer in \[0, 3\]"),
        ({"d": 0.0}, r"`keep\['d'\]` must be a number in \(0, 1\]"),
        ({"d": 1.5}, r"must be a number in \(0, 1\]"),
        ({"nobody": 0.5}, r"name layers of the model. Layers.*\['a', 'b', 'c', 'd'\]"),
        ({"end": 0.5}, r"those of 'end' cannot. The reason: outputs of the model"),
        ({"a": 0.5, "c": 0.25}, r"must say the same of a and b and c"),
    ],
)
def test_what_cannot_be_kept_is_refused(groups, keep, message):
    with pytest.raises(ValueError, match=message):
        stay(groups, keep)


@pytest.mark.parametrize("keep", [0.5, {"d": "all"}, {"d": None}, {0: 0.5}])
def test_another_form_is_refused(groups, keep):
    with pytest.raises(TypeError, match="`keep"):
        stay(groups, keep)


@pytest.mark.parametrize("mask", [[True, False] * 2, np.array([True, False] * 2)])
def test_a_mask_is_refused_with_the_indices_it_stands_for(groups, mask):
    with pytest.raises(TypeError, match=r"`keep\['d'\]` must .* `np.flatnonzero\(mask"):
        stay(groups, {"d": mask})


def test_a_layer_speaks_only_of_its_own_channels(groups):
    assert stay(groups, {"b": [1]})[0] == [0, 1, 2, 3, 5]
    assert stay(groups, {"b": [1], "a": [0]})[0] == [0, 5]
