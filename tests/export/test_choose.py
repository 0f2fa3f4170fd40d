import keras
import numpy as np
import pytest
from keras import layers

from tfcompress.export import choose as module
from tfcompress.export.export_choice import ExportChoice
from tfcompress.export.export_error import ExportError
from tfcompress.export.tflite import to_tflite
from tfcompress.export.variant import Variant
from tfcompress.export.variant_worker import attempt
from tfcompress.kernels.clustered import Clustered
from tfcompress.layers.binary_dense import BinaryDense
from tfcompress.layers.compressed_dense import CompressedDense
from tfcompress.layers.hashed_dense import HashedDense
from tfcompress.runtime.compare_latency import Latency
from tfcompress.runtime.tflite_model import TFLiteModel


@pytest.fixture
def here(monkeypatch):
    """Variants are tried in this process, which is faster to start."""

    def attempts(folder, steps, time_limit):
        return [attempt(*step) for step in steps]

    monkeypatch.setattr(module, "attempts", attempts)


@pytest.fixture
def takes(monkeypatch):
    """Sets what the files are said to take: microseconds by name, else 9."""
    times = {}

    def compare(files, rounds):
        assert all(path.is_file() for path in files.values())
        return Latency({name: times.get(name, 9.0) for name in files}, {}, {})

    monkeypatch.setattr(module, "compare_latency", compare)
    return times


def test_a_child_tries_and_the_smallest_right_file_is_kept(mlp, tmp_path, rng):
    x = rng.random((40, 32), "float32")
    labels = mlp(x).numpy().argmax(-1)
    choice = to_tflite(
        mlp,
        tmp_path / "m.tflite",
        goal="smallest",
        representative_data=x,
        accuracy_data=(x, labels),
        max_accuracy_drop=0.3,
        metadata={"labels": ["a"]},
    )
    assert isinstance(choice, ExportChoice)
    assert [v.name for v in choice.variants] == [
        "float32", "float16", "dynamic", "int8", "int4", "int2"
    ]  # fmt: skip
    right = [variant for variant in choice.variants if not variant.fault]
    assert choice.chosen.bytes == min(v.bytes for v in right) == choice.bytes
    assert choice.bytes == choice.path.stat().st_size
    assert all(v.microseconds > 0 for v in right)
    assert choice.model_accuracy == 1.0
    assert choice.accuracy == TFLiteModel(choice.path).evaluate(x, labels) >= 0.7
    assert TFLiteModel(choice.path).metadata == {"labels": ["a"]}
    assert [*tmp_path.iterdir()] == [choice.path]


def test_of_files_as_fast_within_5_percent_the_smallest_is_the_fastest():
    large = Variant(None, bytes=40, microseconds=10.0)
    small = Variant("float16", bytes=20, microseconds=10.4)
    slow = Variant("int8", bytes=10, microseconds=10.6)
    variants = [large, small, slow]
    assert module.best(variants, "fastest") == small
    assert module.best(variants, "smallest") == slow


def test_wrong_variants_are_named_and_never_chosen(mlp, tmp_path, here, takes):
    takes["int2"] = 1.0
    choice = to_tflite(mlp, tmp_path / "m.tflite", goal="fastest")
    (int2,) = (v for v in choice.variants if v.name == "int2")
    assert "is off by" in int2.fault
    assert int2.bytes is None
    assert choice.chosen.name != "int2"


def test_binary_weights_go_into_two_bits(tmp_path, here, takes):
    model = keras.Sequential([keras.Input((64,)), BinaryDense(64)])
    choice = to_tflite(model, tmp_path / "m.tflite", goal="smallest")
    assert "kernels" in [v.name for v in choice.variants]
    assert choice.quantize in ("kernels", "int2")


@pytest.mark.parametrize(
    ("layer", "chosen"),
    [
        (HashedDense(512, ratio=1 / 64), "float16, compact"),
        # Of sixteen values and half a byte for each weight, exactly.
        (CompressedDense(512, kernel=Clustered(codebook=16)), "float32, compact"),
    ],
    ids=["hashed", "clustered"],
)
def test_few_values_are_tried_compactly_too(layer, chosen, tmp_path, here, takes):
    model = keras.Sequential([keras.Input((256,)), layer])
    # So close that four bits do not pass.
    path = tmp_path / "m.tflite"
    choice = to_tflite(model, path, goal="smallest", tolerance=0.01)
    assert choice.chosen.compact
    assert choice.chosen.name == chosen


def test_what_crashes_the_converter_is_not_tried(lstm, tmp_path, rng, here, takes):
    x = rng.random((4, 3, 2), "float32")
    choice = to_tflite(
        lstm, tmp_path / "m.tflite", goal="smallest", representative_data=x
    )
    (int8,) = (v for v in choice.variants if v.name == "int8")
    assert "crashes (not tried)" in int8.fault
    assert choice.batch_size == 1


def test_convolutions_of_few_bits_are_not_tried(tmp_path, here, takes):
    model = keras.Sequential([keras.Input((6, 6, 1)), layers.Conv2D(2, 3)])
    choice = to_tflite(model, tmp_path / "m.tflite", goal="smallest")
    faults = {v.name: v.fault for v in choice.variants}
    assert "for dense layers" in faults["int4"]
    assert "for dense layers" in faults["int2"]
    assert not any(
        "Use quantize" in fault for fault in faults.values()
    )  # all are tried


@pytest.mark.parametrize(
    ("labelled", "tolerance", "allowed"),
    [(False, None, 0.1), (True, None, 0.5), (False, 0.4, 0.4)],
)
def test_outputs_are_held_close_unless_labels_or_the_user_decide(
    labelled, tolerance, allowed, mlp, tmp_path, monkeypatch
):
    seen = []

    def attempts(folder, steps, time_limit):
        seen.extend(made.allowed for made, _ in steps if made.quantize == "int4")
        return [{"fault": "is wrong"} for _ in steps]

    monkeypatch.setattr(module, "attempts", attempts)
    options = {"accuracy_data": (np.ones((1, 32)), [0])} if labelled else {}
    with pytest.raises(ExportError, match="No variant is right"):
        to_tflite(
            mlp, tmp_path / "m.tflite", goal="smallest", tolerance=tolerance, **options
        )
    assert set(seen) == {allowed}


def test_if_none_is_right_the_old_file_stays(mlp, tmp_path, monkeypatch):
    def attempts(folder, steps, time_limit):
        assert time_limit == 7
        return [None if sparse else {"fault": "is wrong"} for _, sparse in steps]

    monkeypatch.setattr(module, "attempts", attempts)
    path = tmp_path / "m.tflite"
    path.write_bytes(b"old")
    with pytest.raises(ExportError, match="No variant is right.*float32: is wrong"):
        to_tflite(mlp, path, goal="smallest", time_limit=7)
    assert path.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"goal": "best"}, "`goal` must be one of None, 'smallest', 'fastest'"),
        ({"goal": "smallest", "quantize": "int8"}, "`goal` must be None where"),
        ({"goal": "smallest", "sparse": True}, "`goal` must be None where"),
        ({"goal": "smallest", "compact": True}, "`goal` must be None where"),
        (
            {"goal": "smallest", "time_limit": 0},
            r"`time_limit` must be a number in \(0",
        ),
        (
            {"accuracy_data": (np.ones((1, 32)), [0]), "max_accuracy_drop": 2},
            r"`max_accuracy_drop` must be a number in \[0, 1\]",
        ),
    ],
)
def test_what_contradicts_a_goal_is_refused(mlp, tmp_path, options, match):
    with pytest.raises(ValueError, match=match):
        to_tflite(mlp, tmp_path / "m.tflite", **options)
