import pytest
from tuning import VALIDATION, X, Y

from tfcompress.methods.units import Units
from tfcompress.methods.zeros import Zeros
from tfcompress.runtime.tflite_model import TFLiteModel
from tfcompress.tuner.budget import Budget
from tfcompress.tuner.compression import Compression
from tfcompress.tuner.examples import Examples
from tfcompress.tuner.trial import Trial
from tfcompress.tuner.workbench import Workbench

EXAMPLES = Examples.of((X[:90], Y[:90]), VALIDATION, 0.1)
HALF = Compression({"a": (Units(), 0.5)})


def bench(folder, model, **limits):
    return Workbench(EXAMPLES, Budget(**limits), folder, model, 32)


def test_the_baseline_is_the_float32_file_written_once(tmp_path, trained):
    first = bench(tmp_path, trained, bytes=9000, latency_us=1e6).baseline
    assert first.compression is None
    assert first.bytes > 4 * trained.count_params()
    assert first.accuracy == TFLiteModel(first.path).evaluate(*VALIDATION)
    assert first.latency_us > 0
    written = first.path.stat().st_mtime_ns
    again = bench(tmp_path, trained, bytes=9000, latency_us=1e6).baseline
    assert again == first
    assert again.path.stat().st_mtime_ns == written


def test_a_trial_is_kept_with_all_that_it_made(tmp_path, trained):
    place = bench(tmp_path, None, bytes=9000)
    trial = place.keep(tmp_path / "one", HALF.apply(trained), HALF)
    assert trial == Trial.read(tmp_path / "one")
    assert trial.bytes == trial.path.stat().st_size
    assert trial.macs == 16 * 32 + 32 * 32 + 32 * 3
    assert trial.score == trial.accuracy
    assert trial.model().get_layer("a").units == 32


def test_without_a_model_before_there_is_no_baseline(tmp_path):
    assert bench(tmp_path, None, bytes=9000).baseline is None


def test_training_keeps_what_the_compression_made(tmp_path, trained):
    made = Compression({"a": (Zeros(), 0.25)})
    small = made.apply(trained)
    history = bench(tmp_path, trained, bytes=9000).train(small, made, 1)
    assert (small.get_layer("a").kernel.numpy() == 0).mean() == 0.75
    assert "distillation_loss" in history.history


def test_without_a_weight_the_teacher_is_not_asked(tmp_path, trained):
    made = Compression({}, alpha=0.0)
    small = made.apply(trained)
    history = bench(tmp_path, trained, bytes=9000).train(small, made, 1)
    assert "distillation_loss" not in history.history


def test_a_failure_is_kept_too(tmp_path):
    place = bench(tmp_path, None, bytes=9000)
    trial = place.give_up(tmp_path / "one", HALF, ValueError("no rank pays"))
    assert trial.fault == "no rank pays"
    assert Trial.read(tmp_path / "one") == trial


def test_a_budget_is_no_number(tmp_path):
    with pytest.raises(TypeError, match="`budget` must be a `tfcompress.tuner.Budget`"):
        Workbench(EXAMPLES, 9000, tmp_path, None, 32)
