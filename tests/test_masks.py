import keras
import numpy as np
import pytest

from tfcompress.callbacks.prune_low_magnitude import PruneLowMagnitude
from tfcompress.masks import Masks
from tfcompress.schedules.constant import Constant

ONE = Masks({"a": np.array([True, True, False, False]), "b": np.array([[True, False]])})
TWO = Masks({"x": np.array([True, False, True, False]), "y": np.array([[True, True]])})


def model(units=3):
    layers = [keras.layers.Dense(units, name="a"), keras.layers.Dense(2, name="head")]
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.compile("sgd", "mse")
    return model


def test_counts():
    assert (ONE.size, ONE.kept, ONE.density, len(ONE)) == (6, 3, 0.5, 2)


def test_distance_is_the_share_that_differs_and_overlap_that_of_what_is_kept():
    assert ONE.distance(TWO) == 3 / 6
    assert ONE.overlap(TWO) == 2 / 5
    assert ONE.distance(ONE) == 0
    assert ONE.overlap(ONE) == 1


def test_masks_are_equal_by_shapes_and_values():
    assert Masks({"other": ONE.arrays["a"], "b": ONE.arrays["b"]}) == ONE
    assert ONE != TWO
    assert Masks({"a": np.array([True])}) != ONE
    assert ONE != "masks"


def test_masks_cannot_be_changed():
    array = np.array([True, False])
    masks = Masks({"a": array})
    array[1] = True
    assert masks.kept == 1
    with pytest.raises(ValueError, match="read-only"):
        masks.arrays["a"][0] = False


def test_shuffled_masks_keep_as_many_of_each():
    big = Masks({"a": np.arange(60).reshape(6, 10) < 20, "b": np.arange(9) < 3})
    other = big.shuffled(seed=1)
    assert [array.sum() for array in other] == [20, 3]
    assert other != big
    assert other == big.shuffled(seed=1)
    assert other != big.shuffled(seed=2)


def test_masks_of_a_model_are_its_nonzero_kernels():
    pruned = model()
    kernel = np.array([[1.0, 0.0, 2.0], [0.0, 0.0, 3.0]])
    pruned.get_layer("a").kernel.assign(kernel)
    masks = Masks.of(pruned)
    np.testing.assert_array_equal(next(iter(masks)), kernel != 0)
    assert [name.split("/", 1)[1] for name in masks.arrays] == [
        "a/kernel",
        "head/kernel",
    ]
    assert len(Masks.of(pruned, "head")) == 1


def test_masks_fit_another_model_of_the_same_structure_and_hold_in_training():
    masks = Masks.of(model()).shuffled(0)
    masks = Masks(
        {
            n: a & (np.arange(a.size).reshape(a.shape) % 2 > 0)
            for n, a in masks.arrays.items()
        }
    )
    other = model()
    masks.apply(other)
    assert Masks.of(other) == masks

    hold = PruneLowMagnitude(Constant(0.0))
    other.fit(np.ones((4, 2)), np.ones((4, 2)), verbose=0, callbacks=[hold])

    assert all((b <= a).all() for a, b in zip(masks, Masks.of(other), strict=True))


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match="`model` must have weights of the shapes"):
        Masks.of(model()).apply(model(units=4))
    with pytest.raises(ValueError, match="`other` must have the same shapes"):
        ONE.distance(Masks({"a": np.array([True])}))


def test_saved_masks_are_the_same(tmp_path):
    ONE.save(tmp_path / "masks.npz")
    again = Masks.load(tmp_path / "masks.npz")
    assert again == ONE
    assert list(again.arrays) == list(ONE.arrays)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_a_file_of_something_else_is_refused(tmp_path, content):
    path = tmp_path / "masks.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"`path` must be a file that `Masks.save`"):
        Masks.load(path)


def test_an_archive_with_other_arrays_is_refused(tmp_path):
    np.savez(tmp_path / "a.npz", names=np.array(["a"]), array_0=np.ones(2, bool))
    np.savez(
        tmp_path / "b.npz", format="tfcompress masks 1", names=["a"], array_0=[1.0]
    )
    np.savez(tmp_path / "c.npz", format="tfcompress masks 1", names=["a", "b"])
    for name in "abc":
        with pytest.raises(ValueError, match=r"`Masks.save`"):
            Masks.load(tmp_path / f"{name}.npz")


def test_objects_are_not_unpickled(tmp_path):
    np.savez(tmp_path / "a.npz", format=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match=r"`Masks.save`"):
        Masks.load(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("arrays", "kind", "match"),
    [
        ([np.ones(2, bool)], TypeError, "`arrays` must be a mapping"),
        ({}, ValueError, "`arrays` must name something"),
        ({1: np.ones(2, bool)}, TypeError, "`arrays` must be a mapping from names"),
        ({"a": np.ones(2)}, ValueError, "be boolean and not empty"),
        ({"a": np.ones(0, bool)}, ValueError, "be boolean and not empty"),
    ],
)
def test_bad_arrays_are_refused(arrays, kind, match):
    with pytest.raises(kind, match=match):
        Masks(arrays)


def test_paths_that_are_the_same_are_told_apart():
    twin = model().get_layer("a").kernel
    masks = Masks.named([twin, twin], [np.ones((2, 3), bool)] * 2)
    assert len(masks) == 2
